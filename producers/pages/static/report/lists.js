// Categories with their everyday words, tags and grades: part of the program, the same for everybody.

const answer = await fetch(new URL("../lists.json", import.meta.url));

export const lists = await answer.json();

// Signs and numbers from the table of what people type, which the server reads too (rules/typed/table.json).

const answer = await fetch(new URL("../typed.json", import.meta.url));

export const table = await answer.json();

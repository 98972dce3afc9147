// The table of what people type, the same bytes that the server reads (rules/typed/table.json).

const answer = await fetch(new URL("../typed.json", import.meta.url));

export const table = await answer.json();

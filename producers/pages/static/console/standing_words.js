// What reports said in words where nobody could read a value: it stands until a later report brings the value or other
// words for it.

/** By path: `casualties.deaths` → "十几". Reports in the order in which they came. */
export function wordsThatStand(reports) {
  const standing = {};
  for (const { body } of reports) {
    for (const path of Object.keys(standing)) if (hasValue(body ?? {}, path)) delete standing[path];
    Object.assign(standing, body?.unread ?? {});
  }
  return standing;
}

function hasValue(body, path) {
  const value = path.split(".").reduce((place, name) => place?.[name], body);
  return value !== null && value !== undefined;
}

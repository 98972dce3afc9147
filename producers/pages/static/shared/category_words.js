// Everyday words find a category: 车祸, 着火, 停电. The same in Python: rules/typed/categories.py.

import { key } from "./signs.js";

/**
 * The categories that a text may mean, the likeliest first. `categories`: [{id, name, name_en, words}]. A word that is
 * the whole text comes before one that stands in it, and of those the longest count.
 */
export function findCategories(text, categories) {
  const said = key(text);
  if (!said) return [];
  const meanings = meaningsOf(categories);
  if (meanings.has(said)) return meanings.get(said);
  if (/^[a-z_]+(\.[a-z_]+)+$/u.test(said)) return [];
  const standing = [...meanings.keys()].filter((word) => word.length >= (word[0] > "\x7f" ? 2 : 5) && said.includes(word));
  const longest = Math.max(0, ...standing.map((word) => word.length));
  return [...new Set(standing.filter((word) => word.length === longest).flatMap((word) => meanings.get(word)))];
}

const known = new WeakMap();

function meaningsOf(categories) {
  if (known.has(categories)) return known.get(categories);
  const meanings = new Map();
  for (const one of categories) for (const word of one.words ?? []) add(meanings, key(word), one.id, one.several?.[word]);
  for (const one of categories) for (const name of [one.name, one.name_en]) if (name) meanings.set(key(name), [one.id]);
  for (const one of categories) meanings.set(one.id, [one.id]);
  known.set(categories, meanings);
  return meanings;
}

// A word of several categories says its place among them, so that the likeliest is offered first.
function add(meanings, word, id, place = 0) {
  const ids = meanings.get(word) ?? [];
  ids[place] = id;
  meanings.set(word, ids);
}

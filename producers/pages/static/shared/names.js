// Names for the codes in a report, from the lists the server gave.

import { nameOf } from "./texts.js";

/** The place a division code stands for; offices share the county's code and are no place. */
export function placeName(nodes, division) {
  return nameOf(nodes.find((node) => node.division === division && ["township", "village"].includes(node.role)));
}

/** {category: id → name, division: code → name}, as `reportContent` asks for them. */
export function namesFrom(lists, nodes) {
  return {
    category: (id) => nameOf(lists?.categories.find((one) => one.id === id)) || id,
    division: (code) => placeName(nodes, code),
  };
}

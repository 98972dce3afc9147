// The visible words of this page's language. A missing key is shown in brackets, and a test forbids it.

export const language = document.documentElement.dataset.lang === "en" ? "en" : "zh";

// A page that needs few of the words names its own part of them.
const part = document.documentElement.dataset.texts ?? "";
const answer = await fetch(new URL(`../texts/${part}${language}.json`, import.meta.url));
const texts = await answer.json();

export function t(key, values = {}) {
  const text = texts[key] ?? `[${key}]`;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The word for a value of an enum; the value itself when the page does not know it yet. */
export function word(group, value) {
  if (value === null || value === undefined || value === "") return "";
  return texts[`${group}.${value}`] ?? String(value);
}

/** The name in this page's language of a thing that carries `name` and maybe `name_en` (with a prefix, or none). */
export function nameOf(thing, prefix = "name") {
  if (!thing) return "";
  return (language === "en" && thing[`${prefix}_en`]) || thing[prefix] || "";
}

/** A person and her post; a post's own words are Chinese only, so in English her role stands for it. */
export function personAndPost(person) {
  const post = language === "zh" ? person.post : "";
  return [nameOf(person), post || word("user_role", person.role)].filter(Boolean).join(" · ");
}

/** Labels in both languages, `{zh, en}` each, as one enumeration in this page's. */
export function labelList(labels) {
  const said = labels.map((label) => (typeof label === "string" ? label : label[language]));
  return said.join(language === "en" ? ", " : "、");
}

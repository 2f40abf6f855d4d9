/** How values are written for people, and how the words people write are read: the twin of `records/words.py`. */
import { shownNumber } from "../rules/shown.ts";
import type { Vocabulary } from "../rules/vocabulary.ts";

export { inner, shownDay, shownNumber } from "../rules/shown.ts";

// What Python calls white space; JavaScript's own list differs in seven signs.
const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const AROUND = new RegExp(`^[${BLANK}]+|[${BLANK}]+$`, "g");
const JOINTS = new RegExp(`[${BLANK}/-]+`, "g");

/** A JSON value as somebody may have typed it: words in quotes, numbers as people write them, all else as JSON. */
export function asWritten(value: unknown): string {
  if (typeof value === "string") return `'${value}'`;
  return typeof value === "number" ? shownNumber(value) : JSON.stringify(value);
}

/** Small letters for comparing: as `casefold` does, so that `ß` is `ss` and a ligature its letters. */
export function folded(text: string): string {
  return Array.from(text, (sign) => (sign === "ı" ? sign : sign.toUpperCase().toLowerCase())).join("");
}

/** The stored word for a word, alias or label in any case, with blanks, `/` or `-` for `_`; null when it is none. */
export function codeWord(vocabulary: Vocabulary, codes: string, text: string): string | null {
  const plain = folded(text.replace(AROUND, ""));
  const known = Object.entries(vocabulary.codes[codes] ?? {});
  for (const wanted of [plain, plain.replace(JOINTS, "_")]) {
    const found = known.find(([word, { aliases }]) => word === wanted || aliases.includes(wanted));
    if (found !== undefined) return found[0];
  }
  const labelled = known.filter(([, { label }]) => folded(label) === plain);
  return labelled.length === 1 ? (labelled[0]?.[0] ?? null) : null;
}

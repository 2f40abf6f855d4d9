/** How values are written for people, and how the words people write are read: the twin of `records/words.py`. */
import { calendar, NEVER, type Day } from "../kernel/dates.ts";
import { fixed } from "../kernel/rounding.ts";
import type { Vocabulary } from "../rules/vocabulary.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"];
const DIGITS = 10;
const SHORT = 2;
// What Python calls white space; JavaScript's own list differs in seven signs.
const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const AROUND = new RegExp(`^[${BLANK}]+|[${BLANK}]+$`, "g");
const JOINTS = new RegExp(`[${BLANK}/-]+`, "g");

/** `21 Nov 2026`; never is `tanpa batas`. */
export function shownDay(day: Day): string {
  if (day >= NEVER) return "tanpa batas";
  const { year, month, date } = calendar(day);
  return `${date} ${MONTHS[month - 1]} ${year}`;
}

/** `8,3` and `1.310`: decimal comma, points between thousands. */
export function shownNumber(value: number): string {
  const [whole = "", decimals = ""] = fixed(value, DIGITS).split(".");
  const kept = decimals.replace(/0+$/, "");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ".");
  return kept ? `${grouped},${kept}` : grouped;
}

/** A JSON value as somebody may have typed it: words in quotes, numbers as people write them, all else as JSON. */
export function asWritten(value: unknown): string {
  if (typeof value === "string") return `'${value}'`;
  return typeof value === "number" ? shownNumber(value) : JSON.stringify(value);
}

/** A label inside a sentence: `Berat badan` -> `berat badan`; `HPL`, `LiLA` and `Hb` keep their capitals. */
export function inner(label: string): string {
  const [first = "", ...rest] = label.split(" ");
  const tail = first.slice(1).replaceAll("-", "");
  const isPlain = first.length > SHORT && tail === tail.toLowerCase() && tail !== tail.toUpperCase();
  return [isPlain ? first.toLowerCase() : first, ...rest].join(" ");
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

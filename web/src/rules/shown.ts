/** How a value is written for people, in Indonesian: the twin of `rules/shown.py`. */
import { calendar, NEVER, type Day } from "../kernel/dates.ts";
import { fixed } from "../kernel/rounding.ts";
import type { Vocabulary } from "./vocabulary.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"];
const NOT_KNOWN = "belum diketahui";
const DIGITS = 10;
const SHORT = 2;

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

/** A value of a type of the rule language (`date`, `code:LIST`, `dec:PLACES` ...); unknown is said to be so. */
export function shown({ codes }: Vocabulary, type: string, value: unknown, unit: string): string {
  if (value === null || value === undefined) return NOT_KNOWN;
  const [kind = "", of = ""] = type.split(":");
  switch (kind) {
    case "bool":
      return value === true ? "ya" : "tidak";
    case "date":
      return shownDay(value as Day);
    case "code": {
      const word = value as string;
      const list = codes[of] ?? {};
      return Object.hasOwn(list, word) ? inner(list[word]?.label ?? word) : word;
    }
    case "int":
    case "dec": {
      const number = of === "" ? (value as number) : (value as number) / 10 ** Number(of);
      return `${shownNumber(number)} ${unit}`.trim();
    }
    default:
      return value as string;
  }
}

/** A label inside a sentence: `Berat badan` -> `berat badan`; `HPL`, `LiLA` and `Hb` keep their capitals. */
export function inner(label: string): string {
  const [first = "", ...rest] = label.split(" ");
  const tail = first.slice(1).replaceAll("-", "");
  const isPlain = first.length > SHORT && tail === tail.toLowerCase() && tail !== tail.toUpperCase();
  return [isPlain ? first.toLowerCase() : first, ...rest].join(" ");
}

/** `a, b dan c`. */
export function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} dan ${last}` : last;
}

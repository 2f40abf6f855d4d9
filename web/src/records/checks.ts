/**
 * The check of one record at the door, the twin of `records/checks.py`: against the vocabulary, the calendar and what
 * is known of the person. Every fault is told at once, in plain Indonesian, with what to do. Words written in another
 * known way become the stored word. Fields the vocabulary does not know are kept and sent on unchanged, unless they
 * look like a slip of the pen for one it knows. Both are held to conformance/records/.
 */
import { calendar, parseDay, type Day } from "../kernel/dates.ts";
import type { Problem } from "../kernel/problems.ts";
import { placesOf, rounded } from "../kernel/rounding.ts";
import type { Field, Kind, Vocabulary } from "../rules/vocabulary.ts";
import { isRecordId, mayOpen, whyNot, type OwnRecords } from "./naming.ts";
import { didYouMean, nearest } from "./nearest.ts";
import { asWritten, codeWord, folded, inner, shownDay, shownNumber } from "./words.ts";

const IMPLIED: ReadonlySet<string> = new Set(["date", "oleh", "tempat"]);
const LIKE = 0.75;
// A comma forgotten or moved by one or two digits, or grams for kilograms and metres for centimetres.
const SLIPS = [0.1, 10, 0.01, 100, 0.001];

/** A value as it comes over the wire. */
export type Wire = string | number | boolean | null | readonly Wire[] | { readonly [name: string]: Wire };
export type Data = { readonly [name: string]: Wire };

/** What somebody wants to write down. Role and place may also stand in the data. */
export interface Written {
  readonly kind: string;
  readonly on: Day;
  readonly data: Data;
  readonly by_role?: string;
  readonly place_kind?: string;
}

/**
 * What the check knows besides the record: today, and of the person the days of birth and death where known. `needs`
 * are the names a refusal may give; null lets every name pass. `records` are those of the person, of which one may be
 * named; null lets every id pass.
 */
export interface Surroundings {
  readonly today: Day;
  readonly birth?: Day | null;
  readonly died?: Day | null;
  readonly needs?: readonly string[] | null;
  readonly records?: OwnRecords | null;
}

/** The record in stored words; problems refuse it, odd values only want a second look. */
export interface Checked {
  readonly data: Data;
  readonly by_role: string;
  readonly place_kind: string;
  readonly problems: readonly Problem[];
  readonly odd: readonly Problem[];
}

/** The record in stored words with everything that is wrong with it; `where` names it in the problems. */
export function checkRecord(
  { kind, on, data, by_role = "", place_kind = "" }: Written,
  vocabulary: Vocabulary,
  around: Surroundings,
  where = "",
): Checked {
  const spec = own(vocabulary.kinds, kind);
  if (spec === undefined) {
    const problems = [unknownKind(kind, vocabulary, where)];
    return { data: {}, by_role: "", place_kind: "", problems, odd: [] };
  }
  const check = new Check(spec, vocabulary, around, where || spec.title);
  check.dates(on);
  check.order(on, data);
  const kept: [string, Wire][] = [];
  for (const [name, value] of Object.entries(data)) {
    if (IMPLIED.has(name)) continue;
    const found = check.value(name, value, data);
    if (found !== null) kept.push([name, found]);
  }
  check.missing(data);
  return {
    data: Object.fromEntries(kept),
    by_role: check.implied("oleh", by_role || data["oleh"]),
    place_kind: check.implied("tempat", place_kind || data["tempat"]),
    problems: check.problems,
    odd: check.odd,
  };
}

/** A named entry, never one that every object inherits. */
function own<T>(entries: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}

function unknownKind(kind: string, vocabulary: Vocabulary, where: string): Problem {
  const guess = didYouMean(kind, Object.keys(vocabulary.kinds));
  const todo = guess || "Lihat daftar jenis catatan di docs/reference/record-kinds.md.";
  return { code: "K01", where, found: `'${kind}' bukan jenis catatan yang dikenal`, expected: "", todo };
}

function isEmpty(value: Wire | undefined): value is undefined | null | "" {
  return value === undefined || value === null || value === "";
}

/** One pass over one record; collects problems instead of stopping at the first. */
class Check {
  readonly problems: Problem[] = [];
  readonly odd: Problem[] = [];

  constructor(
    readonly kind: Kind,
    readonly vocabulary: Vocabulary,
    readonly around: Surroundings,
    readonly where: string,
  ) {}

  bad(code: string, name: string, found: string, expected = "", todo = ""): void {
    this.problems.push({ code, where: `${this.where}, ${name}`, found, expected, todo });
  }

  dates(on: Day): void {
    const { today, birth = null, died = null } = this.around;
    const day = shownDay(on);
    if (on > today) {
      const todo = "Periksa tanggalnya; catatan tidak boleh mendahului hari ini.";
      this.bad("K08", "tanggal", `${day} belum terjadi`, "", todo);
    }
    if (birth !== null && on < birth) {
      const todo = "Periksa tanggal catatan atau tanggal lahirnya.";
      this.bad("K09", "tanggal", `${day} sebelum orang ini lahir (${shownDay(birth)})`, "", todo);
    }
    if (died !== null && on > died && !this.kind.register) {
      const todo = "Periksa tanggalnya, atau betulkan catatan meninggal bila orang ini masih hidup.";
      this.bad("K10", "tanggal", `${day} sesudah orang ini meninggal (${shownDay(died)})`, "", todo);
    }
  }

  /** Days that stand wrongly to another day of the record, or too many years before it, as far as both can be read. */
  order(on: Day, data: Data): void {
    const dayOf = (name: string): Day | null => (Object.hasOwn(data, name) ? parseDay(data[name]) : null);
    const days = (name: string): Day | null => dayOf(name) ?? (name === "date" ? on : null);
    for (const [name, spec] of Object.entries(this.kind.fields)) {
      const [own, longest] = [days(name), spec.type === "date" ? (spec.possible?.[1] ?? null) : null];
      if (own !== null && longest !== null && calendar(on).year - calendar(own).year > longest) {
        const expected = `paling lama ${shownNumber(longest)} tahun sebelum tanggal catatan`;
        this.bad("K07", name, `${this.labelOf(name)}: ${shownDay(own)} tidak mungkin`, expected, "Periksa lagi tahunnya.");
      }
      for (const [limit, sign, word] of [
        [spec.not_after, 1, "sesudah"],
        [spec.not_before, -1, "sebelum"],
      ] as const) {
        const [day, other] = [days(name), limit === "" ? null : days(limit)];
        if (day === null || other === null || (day - other) * sign <= 0) continue;
        const against = limit === "date" ? "tanggal catatan" : inner(this.labelOf(limit));
        const found = `${this.labelOf(name)}: ${shownDay(day)} ${word} ${against} (${shownDay(other)})`;
        this.bad("K14", name, found, "", "Periksa kedua tanggal itu.");
      }
    }
  }

  value(name: string, value: Wire, data: Data): Wire {
    const spec = own(this.kind.fields, name);
    if (spec === undefined) {
      this.unknownField(name, data);
      return value;
    }
    return isEmpty(value) ? null : this.typed(name, spec, value);
  }

  unknownField(name: string, data: Data): void {
    const free = Object.keys(this.kind.fields).filter((known) => !Object.hasOwn(data, known) && !IMPLIED.has(known));
    const near = nearest(name, free, LIKE);
    if (near !== null) this.bad("K02", name, `'${name}' bukan isian ${this.kind.title}`, "", `Maksudnya '${near}'?`);
  }

  missing(data: Data): void {
    for (const [name, spec] of Object.entries(this.kind.fields)) {
      if (spec.nullable || IMPLIED.has(name) || !isEmpty(own(data, name))) continue;
      this.bad("K03", name, `${this.labelOf(name)} belum diisi`, "", "Isilah; catatan ini tidak berarti tanpa itu.");
    }
  }

  implied(name: string, value: Wire | undefined): string {
    const spec = own(this.kind.fields, name);
    if (isEmpty(value) || spec === undefined) return "";
    const word = this.typed(name, spec, value);
    return typeof word === "string" ? word : "";
  }

  typed(name: string, spec: Field, value: Wire): Wire {
    switch (spec.type) {
      case "code":
        return this.code(name, spec, value);
      case "bool":
        return this.ofType(name, value, typeof value === "boolean", "ya atau tidak (true atau false)");
      case "int":
      case "decimal":
        return this.amount(name, spec, value);
      case "date":
        return this.date(name, value);
      case "need":
        return this.need(name, value);
      case "record":
        return this.record(name, value);
      case "text":
        return this.ofType(name, value, typeof value === "string", "tulisan");
    }
  }

  ofType(name: string, value: Wire, fits: boolean, expected: string): Wire {
    if (!fits) {
      const found = `${this.labelOf(name)}: ${asWritten(value)} tidak dapat dibaca`;
      this.bad("K04", name, found, `diharapkan ${expected}`);
    }
    return value;
  }

  code(name: string, { codes }: Field, value: Wire): Wire {
    const list = codes ?? "";
    if (typeof value !== "string") {
      this.ofType(name, value, false, `salah satu kata dari ${list}`);
      return null;
    }
    const word = codeWord(this.vocabulary, list, value);
    if (word === null) {
      const known = Object.keys(this.vocabulary.codes[list] ?? {});
      const expected = `diharapkan salah satu dari: ${known.join(", ")}`;
      this.bad("K05", name, `${this.labelOf(name)}: '${value}' tidak dikenal`, expected, didYouMean(folded(value), known));
    }
    return word;
  }

  amount(name: string, spec: Field, value: Wire): Wire {
    if (typeof value !== "number") return this.ofType(name, value, false, "angka tanpa tanda kutip");
    const label = this.labelOf(name);
    if (placesOf(value) > spec.places) {
      const expected = spec.places ? `paling banyak ${spec.places} angka di belakang koma` : "bilangan bulat";
      this.bad("K06", name, `${label}: ${shownNumber(value)} terlalu rinci`, expected);
    }
    const { possible, plausible } = spec;
    if (possible !== null && !isWithin(value, possible)) {
      const guess = likely(value, plausible ?? possible, spec.places);
      const expected = `yang mungkin ${shownNumber(possible[0])} sampai ${measure(possible[1], spec)}`;
      const todo = guess === null ? "Periksa lagi angkanya." : `Maksudnya ${measure(guess, spec)}?`;
      this.bad("K07", name, `${label}: ${measure(value, spec)} tidak mungkin`, expected, todo);
    } else if (plausible !== null && !isWithin(value, plausible)) {
      const found = `${label}: ${measure(value, spec)} tidak lazim`;
      const todo = "Ukur ulang bila bisa; tetap disimpan.";
      this.odd.push({ code: "K13", where: `${this.where}, ${name}`, found, expected: "", todo });
    }
    return value;
  }

  date(name: string, value: Wire): Wire {
    if (parseDay(value) === null) {
      const found = `${this.labelOf(name)}: ${asWritten(value)} tidak ada di kalender`;
      this.bad("K11", name, found, "diharapkan tanggal tahun-bulan-hari seperti 2026-11-21");
    }
    return value;
  }

  need(name: string, value: Wire): Wire {
    if (typeof value !== "string") return this.ofType(name, value, false, "nama kebutuhan");
    const { needs = null } = this.around;
    if (needs !== null && !needs.includes(value)) {
      this.bad("K12", name, `'${value}' bukan kebutuhan yang dikenal`, "", didYouMean(value, needs));
    }
    return value;
  }

  record(name: string, value: Wire): Wire {
    if (!isRecordId(value)) return this.ofType(name, value, false, "nomor catatan seperti 12-345");
    const { records = null } = this.around;
    const episode = this.vocabulary.episodes[this.kind.episode ?? ""];
    if (records === null || episode === undefined) return value;
    const named = own(records, value);
    if (!mayOpen(episode, named)) {
      const found = `${this.labelOf(name)}: ${whyNot(episode, value, named, this.vocabulary)}`;
      this.bad("K15", name, found, "", "Pilih catatan lain, atau kosongkan: lalu tanggal yang menentukan.");
    }
    return value;
  }

  labelOf(name: string): string {
    return own(this.kind.fields, name)?.label || name;
  }
}

function isWithin(value: number, [low, high]: readonly [number, number]): boolean {
  return low <= value && value <= high;
}

function measure(value: number, { unit }: Field): string {
  return `${shownNumber(value)} ${unit}`.trimEnd();
}

/** The value probably meant when the comma slipped (83 -> 8.3, 3200 -> 3.2); null when nothing plausible is near. */
function likely(value: number, plausible: readonly [number, number], places: number): number | null {
  const guesses = SLIPS.map((slip) => rounded(value * slip, places));
  return guesses.find((guess) => isWithin(guess, plausible)) ?? null;
}

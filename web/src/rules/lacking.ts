/** What an unknown answer is missing, in words: the twin of `rules/asked.py`. */
import type { Day } from "../kernel/dates.ts";
import type { Life, NeedAnswer, Row } from "./module.ts";
import { fill, type Leaf, type NeedReasons } from "./reason-words.ts";
import type { Teller } from "./reasons.ts";
import { listed, shown, shownDay } from "./shown.ts";
import type { Reader } from "./tree.ts";

const OF_RECORDS = new Set(["fact", "step"]);
const PAST = "nth";
type Unknown = readonly [at: number, leaf: Leaf];

/** Sentences about every asked label, with the question to put where the vocabulary has one. */
export function lacking(teller: Teller, life: Life, reader: Reader, need: NeedReasons, { asks }: NeedAnswer): string {
  const { words, vocabulary, module } = teller;
  const unknown = unknownLeaves(reader, need);
  const isOfRecords = (label: string): boolean => !OF_RECORDS.has(unknown.get(label)?.[1].is ?? "fact");
  const factsFirst = [...asks].sort((a, b) => Number(isOfRecords(a)) - Number(isOfRecords(b)));
  // An earlier record that does not exist cannot be made now: not told while something else is lacking.
  const canBeHad = factsFirst.filter((label) => unknown.get(label)?.[1].is !== PAST);
  const told = (canBeHad.length > 0 ? canBeHad : factsFirst).map(lackingOne).filter((said) => said !== "");
  const said = told.length > 0 ? listed(told) : fill(words, "lacks_something");
  const questions = asks.map((label) => need.labels[label]?.[1] ?? "").filter((asked) => asked !== "").join(" ");
  return questions ? fill(words, "unknown_ask", { lacking: said, questions }) : fill(words, "unknown", { lacking: said });

  function lackingOne(name: string): string {
    const label = need.labels[name]?.[0] ?? name;
    const [at, leaf]: Unknown = unknown.get(name) ?? [0, { is: "fact" }];
    if (leaf.is === "fact") return fill(words, "lacks", { label });
    if (leaf.is === "step") {
      const isTooEarlyToSay = need.limits.some((limit) => reader.value(limit) === null);
      return fill(words, isTooEarlyToSay ? "not_sure" : "not_sure_numbers", { label });
    }
    const records = recordsWithout(reader, at, leaf);
    const last = records.at(-1);
    if (last !== undefined && leaf.members === true) {
      return fill(words, "lacks_members", { label, count: String(records.length) });
    }
    if (last !== undefined) {
      const days = listed(records.map((record) => shownDay(record["date"] as Day)));
      const why = whyNot(leaf, last);
      return fill(words, why ? "lacks_score" : "lacks_on", { label, days }) + why;
    }
    if (leaf.is === "exists") return "";
    const event = leaf.event ?? "";
    return leaf.is === PAST
      ? fill(words, "lacks_nth", { event, number: String(leaf.nth) })
      : fill(words, "lacks_record", { event });
  }

  /** Of a z-score, why it cannot be told: a flag, oedema, a size out of the table, or what is not known. */
  function whyNot({ score, lacks = "" }: Leaf, record: Row): string {
    if (score === undefined) return "";
    const [kind, type, unit] = score;
    const asRecord = { ...record, kind, date: record["date"] as Day, id: record["id"] as number };
    const found = module.scores(life.person, asRecord)[lacks];
    if (found === undefined) return "";
    if (found.value !== null) return fill(words, "score_implausible", { value: shown(vocabulary, type, found.value, unit) });
    const label = words.without[kind]?.[found.why];
    return label === undefined ? fill(words, `score_${found.why}`) : fill(words, "score_without", { label });
  }
}

/** The first unknown leaf of each label. */
function unknownLeaves(reader: Reader, { leaves }: NeedReasons): Map<string, Unknown> {
  const found = new Map<string, Unknown>();
  for (const [label, at, leaf] of leaves) {
    if (!found.has(label) && reader.value(at) === null) found.set(label, [at, leaf]);
  }
  return found;
}

/** The records that lack the field and could have decided. */
function recordsWithout(reader: Reader, at: number, { is, lacks = "" }: Leaf): Row[] {
  const couldDecide = is === "exists" ? null : true;
  return reader.judged(at).flatMap(([record, holds]) => (holds === couldDecide && (record[lacks] ?? null) === null ? [record] : []));
}

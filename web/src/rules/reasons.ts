/**
 * Why a need stands as it does today: one short Indonesian paragraph with the person's own dates and values, the same
 * as the server's to the letter. The twin of `rules/reasons.py` with `counted.py` and `asked.py`.
 */
import { NEVER, type Day } from "../kernel/dates.ts";
import { lacking } from "./lacking.ts";
import type { Life, NeedAnswer, RulesModule } from "./module.ts";
import { decided, fill, type Found, type NeedReasons, type Phrase, type Plan, type ReasonWords, type Shown } from "./reason-words.ts";
import { listed, shown, shownDay } from "./shown.ts";
import { Reader } from "./tree.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** All there is to know for telling why. */
export interface Teller {
  readonly module: RulesModule;
  readonly vocabulary: Vocabulary;
  readonly words: ReasonWords;
}

/**
 * The paragraph for an answer of the module about this life on this day. An answer of null is of a need that the module
 * does not answer at all, for its package does not concern the person, or the person has died. Of several units
 * (pregnancies) it is about the one with this id, else the latest.
 */
export function reason(
  teller: Teller,
  life: Life,
  today: Day,
  need: string,
  answer: NeedAnswer | null,
  unitId: number | null = answer?.unit_id ?? null,
): string {
  const { module, words } = teller;
  const rule = words.needs[need];
  if (rule === undefined) throw new Error(`the words of rule book ${words.rulebook} have no need ${need}`);
  const units = module.units(life, today).filter(({ unit }) => unit === rule.unit);
  const begun = ({ facts }: (typeof units)[number]): number => Number(facts["opened"] ?? facts.id);
  const latest = [...units].sort((a, b) => begun(a) - begun(b) || a.facts.id - b.facts.id).at(-1);
  const unit = units.find(({ facts }) => facts.id === unitId) ?? latest;
  if (unit === undefined) return fill(words, "not_applicable");
  const reader = new Reader(words.expressions, module.calendar, unit.facts, unit.records, today);
  const chain = chainTo(words, need);
  for (const name of chain) {
    for (const [step, at] of words.needs[name]?.steps ?? []) reader.steps.set(step, reader.value(at));
  }
  const reasons = new Reasons(teller, life, reader, rule, chain);
  const concerns = rule.only[0] === undefined || reader.value(rule.only[0][0]) !== false;
  return answer !== null && concerns && unit.facts.died === null ? reasons.of(answer) : reasons.notApplicable();
}

/** The steps of a series up to this one. */
function chainTo(words: ReasonWords, need: string): string[] {
  const before = words.needs[need]?.after ?? null;
  return before === null ? [need] : [...chainTo(words, before), need];
}

/** The words about one need of one unit on one day. */
class Reasons {
  constructor(
    private readonly teller: Teller,
    private readonly life: Life,
    private readonly reader: Reader,
    private readonly need: NeedReasons,
    private readonly chain: readonly string[],
  ) {}

  of(answer: NeedAnswer): string {
    const told = this.told(answer);
    return told === null ? this.notApplicable() : [told, ...this.uncounted(answer)].join(" ");
  }

  /** What the status is told by; null for one that is no concern. */
  private told(answer: NeedAnswer): string | null {
    switch (answer.status) {
      case "overdue": {
        const parts = { day: this.day(answer.overdue), since: this.since(answer.due) };
        return this.fill("overdue", parts) + this.followed("still_until", answer.until, -1);
      }
      case "due":
        return this.fill("due", { since: this.since(answer.due) }) + this.deadline(answer);
      case "not_yet":
        return this.notYet(answer);
      case "missed":
        return this.missed(answer);
      case "done":
        return this.done(answer);
      case "refused":
        return this.refused(answer);
      case "unknown":
        return lacking(this.teller, this.life, this.reader, this.need, answer);
      default:
        return null;
    }
  }

  private fill(name: string, parts: Readonly<Record<string, string>> = {}): string {
    return fill(this.teller.words, name, parts);
  }

  private found(plan: Plan): Found {
    return this.teller.words.found[decided(plan, this.reader)] ?? {};
  }

  /** `lahir 11 Nov 2024, MR 1 mulai umur 9 bulan (11 Agu 2025)`. */
  private since(day: Day | null): string {
    const found = this.found(this.need.due);
    const given = this.given(found);
    const title = this.need.title;
    const when = this.phrase(found.said);
    const started =
      given.length > 0 && found.whole === true
        ? this.fill("starts_that_day", { title })
        : day === null
          ? this.fill("starts", { title, when })
          : this.fill("starts_on", { title, when, day: shownDay(day) });
    return [...given, started].join(", ");
  }

  /** The phrase that fits what was told; empty where it would be too long. */
  private phrase(said: Phrase | undefined): string {
    if (said === undefined || said === null || typeof said === "string") return said ?? "";
    const [part, alone, after] = said;
    return (this.one(part) === "" ? alone : after) ?? "";
  }

  /** What is known of the person. */
  private given({ given }: Found): string[] {
    const told = (given ?? []).map((part) => this.one(part)).filter((said) => said !== "");
    return [...new Set(told)].slice(0, this.teller.words.told_at_most);
  }

  private one(place: number): string {
    const part = this.teller.words.parts[place];
    if (part === undefined) return "";
    const [at, type, unit, template, gap, others] = part;
    const value = this.reader.value(at);
    if (value === null || (type === "date" && (value as Day) >= NEVER)) return "";
    return this.fill(template, { ...others, [gap]: this.amount(at, type, unit) });
  }

  private amount(...[at, type, unit]: Shown): string {
    return shown(this.teller.vocabulary, type, this.reader.value(at), unit);
  }

  /** When it becomes late or can no longer be done. */
  private deadline({ overdue, until }: NeedAnswer): string {
    if (overdue === null) return this.followed("at_the_latest", until, -1);
    return this.followed("late_from", overdue) + this.followed("still_until", until, -1);
  }

  private notYet({ opens, due }: NeedAnswer): string {
    if (due === null) return this.fill("waits", { before: this.need.before });
    const said = this.fill("not_yet", { since: this.since(due) });
    return opens !== null && opens <= this.reader.today ? said + this.followed("allowed_since", opens) : said;
  }

  private missed({ due, until }: NeedAnswer): string {
    const found = this.found(this.need.until);
    return this.fill(due === null && this.need.after !== null ? "missed_before" : "missed", {
      day: this.day(until),
      given: this.given(found).map((part) => `${part}, `).join(""),
      title: this.need.title,
      limit: this.phrase(found.said),
      before: this.need.before,
    });
  }

  private done({ due }: NeedAnswer): string {
    const days = this.countedDays().map(shownDay);
    const told = days.length > 0 ? days : this.given(this.found(this.need.done));
    const said = told.length > 0 ? this.fill("done_with", { told: listed(told) }) : this.fill("done");
    return this.need.again ? said + this.followed("next", due) : said;
  }

  /** The days that settle a need that is done; empty where it is settled by something else than a record. */
  private countedDays(): Day[] {
    const { step, settling } = this.need;
    if (step !== null) {
      const day = this.reader.steps.get(step[0]) ?? null;
      return day === null ? [] : [day as Day];
    }
    const found = new Set<Day>();
    for (const [at, isFirst] of settling) {
      const days = this.reader.judged(at).flatMap(([record, holds]) => (holds === true ? [record["date"] as Day] : []));
      const day = isFirst ? days[0] : days.at(-1);
      if (day !== undefined) found.add(day);
    }
    return [...found].sort((a, b) => a - b);
  }

  private refused({ until }: NeedAnswer): string {
    for (const [onAt, againAt] of this.need.refused) {
      const [on, asked] = [this.reader.value(onAt), this.reader.value(againAt) as Day];
      if (on === null) continue;
      const again = this.need.repeats && until !== null ? Math.min(asked, until) : asked;
      return this.fill("refused", { day: shownDay(on as Day), again: shownDay(again) });
    }
    return this.fill("refused_once");
  }

  notApplicable(): string {
    const { died } = this.reader.facts;
    if (died !== null) return this.fill("died", { day: shownDay(died) });
    for (const [at, plan] of this.need.only) {
      if (this.reader.value(at) === false) return this.onlyIf(this.found(plan));
    }
    for (const [at, say, plan] of this.need.excluded) {
      if (this.reader.value(at) !== true) continue;
      const given = this.given(this.found(plan));
      return given.length > 0 ? this.fill("excluded_because", { say, given: given.join(", ") }) : this.fill("excluded", { say });
    }
    return this.fill("not_applicable");
  }

  /** The condition that does not hold, and what is known instead. */
  private onlyIf(found: Found): string {
    const { chosen = "", ages } = found;
    if (ages === undefined) return chosen ? this.fill("chosen", { said: chosen }) : this.fill("not_applicable");
    const ofAges = ages.map(([words, ...age]) => `${words} ${this.amount(...age)}`);
    const told = ofAges.length > 0 ? [...new Set(ofAges)] : this.given(found);
    const known = told.join(", ") || chosen;
    const condition = this.phrase(found.said) || (found.failing === undefined ? "" : this.phrase(this.found(found.failing).said));
    if (condition === "") return this.fill("not_met", { known });
    return known ? this.fill("only_if_known", { condition, known }) : this.fill("only_if", { condition });
  }

  /** Records that look as if they settled the need and do not. */
  private uncounted(answer: NeedAnswer): string[] {
    if (answer.status === "done") return [];
    const found = this.need.step === null ? this.outsideWindow(answer) : this.outsideSeries(this.need.step[1], answer);
    return found.map(([day, why]) => this.fill("not_counted", { day: shownDay(day), why }));
  }

  private outsideSeries(dates: number, answer: NeedAnswer): [Day, string][] {
    const taken = new Set(this.chain.map((name) => this.reader.steps.get(`${name}.on`) ?? null));
    const days = new Set(this.reader.value(dates) as readonly Day[]);
    const told = [...days].filter((day) => !taken.has(day)).map((day): [Day, string] => [day, this.outside(day, answer)]);
    return told.filter(([, why]) => why !== "");
  }

  private outsideWindow(answer: NeedAnswer): [Day, string][] {
    const { window } = this.need;
    if (window === null) return [];
    return this.reader.judged(window.of).flatMap(([record, holds]): [Day, string][] => {
      if (holds !== false) return [];
      const failing = window.conditions.filter(([at]) => this.reader.value(at, record) === false);
      if (failing.some(([, chooses]) => chooses)) return [];
      const day = record["date"] as Day;
      const why = this.outside(day, answer) || (failing.find(([, , denied]) => denied !== null)?.[2] ?? "");
      return why === "" ? [] : [[day, why]];
    });
  }

  private outside(day: Day, { opens, until }: NeedAnswer): string {
    if (opens !== null && day < opens) return this.fill("too_early", { day: shownDay(opens) });
    return until !== null && day >= until ? this.fill("too_late", { day: shownDay(until - 1) }) : "";
  }

  /** One more sentence, where there is such a day. */
  private followed(name: string, day: Day | null, by = 0): string {
    return day === null ? "" : ` ${this.fill(name, { day: shownDay(day + by) })}`;
  }

  private day(day: Day | null): string {
    return day === null ? this.fill("unknown_day") : shownDay(day);
  }
}

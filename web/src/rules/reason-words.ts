/**
 * The words of all reasons of a rule book as the server makes them (`rules/emitters/reason_data.py`): templates, and a
 * phrase for each part of a rule that can ever decide. This program chooses among them and makes no words of its own.
 */
import type { Expression, Reader, Value } from "./tree.ts";

type At = number;

/** Where an expression stands, its type and its unit of measure. */
export type Shown = readonly [at: At, type: string, unit: string];

/** A value with the template it is told in, the gap it takes there, and what stands in the other gaps. */
export type Part = readonly [...Shown, template: string, gap: string, others: Readonly<Record<string, string>>];

/** A phrase, or a phrase alone and the one to use once that part was told; null where it would be too long. */
export type Phrase = string | null | readonly [part: number, alone: string | null, after: string | null];

/** What is told of a part of a rule that decides. */
export interface Found {
  readonly given?: readonly number[];
  readonly said?: Phrase;
  /** It is a value by itself: nothing is left to say of how it is worked out. */
  readonly whole?: boolean;
  /** The words of a constant that stands in for what is not known. */
  readonly chosen?: string;
  readonly ages?: readonly (readonly [words: string, ...Shown])[];
  readonly failing?: Plan;
}

/** The place of what is found, or a question about a value; see `rules/emitters/deciding_data.py`. */
export type Plan =
  | number
  | readonly ["same", At, boolean | null, Pairs, number]
  | readonly ["known" | "false", Pairs]
  | readonly ["choice", At, Plan, Plan, Plan]
  | readonly ["number", At, Readonly<Record<string, Plan>>, Plan];
type Pairs = readonly (readonly [At, Plan])[];

/** Something that can be unknown, and how its lack is told. */
export interface Leaf {
  readonly is: string;
  /** The field of a record that is lacking. */
  readonly lacks?: string;
  /** The records are those who live in a household. */
  readonly members?: boolean;
  readonly event?: string;
  readonly nth?: number;
  /** Of a z-score: kind of record, type and unit. */
  readonly score?: readonly [kind: string, type: string, unit: string];
}

export interface NeedReasons {
  readonly title: string;
  readonly unit: string;
  /** The step before this one in a series. */
  readonly after: string | null;
  /** What the step before is called. */
  readonly before: string;
  readonly steps: readonly (readonly [string, At])[];
  /** Where the window opens and where it ends. */
  readonly limits: readonly [At, At];
  readonly due: Plan;
  readonly until: Plan;
  readonly done: Plan;
  /** It comes again so long after the last time. */
  readonly again: boolean;
  readonly repeats: boolean;
  readonly refused: readonly (readonly [on: At, again: At])[];
  readonly only: readonly (readonly [At, Plan])[];
  readonly excluded: readonly (readonly [At, string, Plan])[];
  /** Records that settle it, and whether the first of them does, else the last. */
  readonly settling: readonly (readonly [At, boolean])[];
  readonly step: readonly [string, At] | null;
  /** Records of the need's one window: its conditions, whether each says which records are meant at all, and its denial. */
  readonly window: { readonly of: At; readonly conditions: readonly (readonly [At, boolean, string | null])[] } | null;
  /** What is asked for: what it is called and the question that gets it. */
  readonly labels: Readonly<Record<string, readonly [string, string]>>;
  readonly leaves: readonly (readonly [string, At, Leaf])[];
}

export interface ReasonWords {
  readonly rulebook: string;
  readonly templates: Readonly<Record<string, string>>;
  readonly told_at_most: number;
  /** By kind of record, what a z-score can lack. */
  readonly without: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly expressions: readonly Expression[];
  readonly parts: readonly Part[];
  readonly found: readonly Found[];
  readonly needs: Readonly<Record<string, NeedReasons>>;
}

const GAP = /\{(\w+)\}/g;

/** A template with its parts. */
export function fill({ templates }: ReasonWords, name: string, parts: Readonly<Record<string, string>> = {}): string {
  return (templates[name] ?? name).replace(GAP, (gap, part: string) => parts[part] ?? gap);
}

/** What decided, for one unit on one day: the twin of `rules/deciding.py`. */
export function decided(plan: Plan, reader: Reader): number {
  if (typeof plan === "number") return plan;
  switch (plan[0]) {
    case "same": {
      const [, at, unless, pairs, otherwise] = plan;
      const result = reader.value(at);
      return result === unless ? otherwise : first(pairs, reader, (value) => value === result, otherwise);
    }
    case "known":
      return first(plan[1], reader, (value) => value !== null, plan[1].at(-1)?.[1]);
    case "false":
      return first(plan[1], reader, (value) => value === false, plan[1][0]?.[1]);
    case "choice": {
      const holds = reader.value(plan[1]);
      return decided(holds === null ? plan[2] : holds === true ? plan[3] : plan[4], reader);
    }
    case "number":
      return decided(plan[2][String(reader.value(plan[1]))] ?? plan[3], reader);
  }
}

function first(pairs: Pairs, reader: Reader, fits: (value: Value) => boolean, otherwise: Plan = 0): number {
  return decided(pairs.find(([at]) => fits(reader.value(at)))?.[1] ?? otherwise, reader);
}

/**
 * What a page can show beside a need besides its reason (`reasons.ts`): the deciding day, what is asked for and the
 * question that gets it, who may do it where.
 */
import type { Day } from "../kernel/dates.ts";
import type { NeedAnswer } from "./module.ts";
import type { Knowledge } from "./vocabulary.ts";

/** Something unknown: a fact of the person, a field of a kind of record, or whether an earlier step was done. */
export interface Asked {
  readonly about: "fact" | "record" | "step";
  readonly label: string;
  /** The kind of record that lacks the field, or the need of the step; empty for a fact. */
  readonly of: string;
  readonly question: string;
}

export interface AboutNeed {
  readonly need: string;
  readonly title: string;
  readonly status: string;
  /** The day that decides: since when it is owed or late, when it begins, when it could last be done; null for none. */
  readonly day: Day | null;
  readonly asked: readonly Asked[];
  readonly performers: readonly { readonly at: string; readonly who: readonly string[] }[];
  /** False of what is only asked when the person is met: it belongs into no list of whom to visit. */
  readonly isSought: boolean;
  readonly cites: string;
  readonly confidence: string;
}

/** Everything there is to say about an answer. A need that the words do not know is called by its own name. */
export function aboutNeed(answer: NeedAnswer, knowledge: Knowledge): AboutNeed {
  const words = knowledge.needs[answer.need];
  return {
    need: answer.need,
    title: words?.title ?? answer.need,
    status: answer.status,
    day: decidingDay(answer),
    asked: answer.asks.map((label) => askedFor(label, knowledge)),
    performers: words?.by ?? [],
    isSought: words?.reach !== "opportunistic",
    cites: words?.cites ?? "",
    confidence: words?.confidence ?? "",
  };
}

function decidingDay({ status, opens, due, overdue, until }: NeedAnswer): Day | null {
  switch (status) {
    case "overdue":
      return overdue;
    case "due":
      return due;
    case "not_yet":
      return opens ?? due;
    case "missed":
      return until;
    default:
      return null;
  }
}

const STEP = /^date\((.+)\)$/;

function askedFor(label: string, { vocabulary, needs }: Knowledge): Asked {
  const step = STEP.exec(label)?.[1];
  if (step !== undefined) return { about: "step", label: needs[step]?.title ?? step, of: step, question: "" };
  const [kind = "", name] = label.split(".");
  if (name === undefined) {
    const fact = vocabulary.person[label];
    return { about: "fact", label: fact?.label ?? label, of: "", question: fact?.ask ?? "" };
  }
  const field = vocabulary.kinds[kind]?.fields[name];
  return { about: "record", label: field?.label ?? name, of: kind, question: field?.ask ?? "" };
}

/**
 * What a phone keeps and does, the twin of `sync/replica.py`: `conformance/sync` holds both to the same steps.
 *
 * Everything somebody wrote here stands in one of: `outbox` (not answered yet), `sent` (in the log, not pulled back yet),
 * `refused` (answered no; somebody has to look), `closed` (refused for good, the reason heard), or in `store`: the area as
 * the log has it. Nothing leaves the first three without an answer of the server. Pure: who keeps it on a disk asks here.
 */
import type { Answer, Body, Item, Outcome, Page, Told } from "./wire.ts";

const CLOSED = "dikesampingkan";

interface Sent {
  readonly seq: number;
  readonly item: Item;
}

export class Replica {
  number = 0;
  cursor = "";
  upto = 0;
  heard = 0;
  store = new Map<string, Told>();
  outbox = new Map<string, Item>();
  readonly sent = new Map<string, Sent>();
  readonly refused = new Map<string, Item>();
  readonly closed = new Map<string, string>();

  constructor(readonly device: number) {}

  /** The next record of this phone; it waits in the outbox. */
  write(said: Body): Item {
    this.number += 1;
    const item: Item = { ...said, id: `${this.device}-${this.number}`, seen: this.upto };
    this.outbox.set(item.id, item);
    return item;
  }

  /** What to send next, oldest first; the same again until it is answered. */
  batch(most: number): Item[] {
    return [...this.outbox.values()].slice(0, most);
  }

  /** What became of what was sent. An answer that comes twice, or late, changes nothing. */
  hear(answers: Iterable<Answer>): void {
    for (const answer of answers) {
      const item = taken(this.outbox, answer.id) ?? this.refused.get(answer.id);
      if (item === undefined) continue;
      if (answer.status !== "refused") {
        this.refused.delete(answer.id);
        this.isIn(item, answer.seq ?? 0);
      } else if (answer.final === true) {
        this.refused.delete(answer.id);
        this.closed.set(answer.id, (answer.problems ?? []).map((problem) => problem.found).join("; "));
      } else {
        this.refused.set(answer.id, item);
      }
    }
  }

  /** What became of what was refused, in order; each is heard once. */
  learn(outcomes: Iterable<Outcome>): void {
    for (const outcome of outcomes) {
      if (outcome.number <= this.heard) continue;
      this.heard = outcome.number;
      const item = taken(this.refused, outcome.id) ?? taken(this.outbox, outcome.id);
      if (item === undefined) continue;
      if (outcome.state === CLOSED) this.closed.set(outcome.id, outcome.reason);
      else this.isIn(item, outcome.seq ?? 0);
    }
  }

  /**
   * A snapshot: the area as a whole, in the place of what was held of it. What this phone wrote and is not in it goes to
   * the server once more: one that was restored from a copy may have lost it, and any other knows it already.
   */
  begin(cursor: string, upto: number, records: Iterable<Told>): void {
    const own = [...this.store].filter(([id]) => id.startsWith(`${this.device}-`));
    const written = new Map(own.map(([id, told]) => [id, asWritten(told)]));
    for (const [id, { item }] of this.sent) written.set(id, item);
    for (const [id, item] of this.refused) written.set(id, item);
    this.store = new Map(Array.from(records, (record) => [record.id, record]));
    const again = [...written].filter(([id]) => !this.store.has(id));
    this.outbox = new Map([...again, ...this.outbox].sort(([one], [other]) => numberOf(one) - numberOf(other)));
    this.sent.clear();
    this.refused.clear();
    this.stand(cursor, upto);
  }

  /** A page. Who is to be forgotten goes first: somebody of the same page may come in whole. */
  take(page: Page): void {
    const persons = new Set(page.forget.persons);
    const households = new Set(page.forget.households);
    const dropped = new Set(page.drop);
    for (const [id, record] of this.store) {
      const isGone = record.person === undefined ? households.has(record.household ?? "") : persons.has(record.person);
      if (isGone || dropped.has(record.root ?? id)) this.store.delete(id);
    }
    for (const record of page.records) this.store.set(record.id, record);
    this.stand(page.cursor, page.upto);
  }

  /** Numbers the server has never seen although they were answered (it was restored from a copy): sent again. */
  resend(missing: Iterable<readonly [number, number]>): void {
    for (const [first, last] of missing) {
      for (let number = first; number <= last; number++) {
        const id = `${this.device}-${number}`;
        const item = taken(this.sent, id)?.item ?? taken(this.refused, id);
        if (item !== undefined) this.outbox.set(id, item);
      }
    }
  }

  private isIn(item: Item, seq: number): void {
    if (seq > this.upto) this.sent.set(item.id, { seq, item });
  }

  private stand(cursor: string, upto: number): void {
    this.cursor = cursor;
    this.upto = upto;
    for (const [id, { seq }] of this.sent) if (seq <= upto) this.sent.delete(id);
  }
}

/**
 * A record as its phone wrote it, of what the server tells: whom it registers it does not name beforehand. How far the
 * phone had pulled then is not known any more; whoever ever lived in the area may be written of.
 */
function asWritten(told: Told): Item {
  const leftOut = ["seq", "facility", ...["person", "household"].filter((name) => told[name] === told.id)];
  const said = Object.entries(told).filter(([name, value]) => value !== undefined && !leftOut.includes(name));
  return { seen: 0, ...(Object.fromEntries(said) as Body), id: told.id };
}

function numberOf(id: string): number {
  return Number(id.slice(id.indexOf("-") + 1));
}

function taken<Thing>(kept: Map<string, Thing>, id: string): Thing | undefined {
  const found = kept.get(id);
  kept.delete(id);
  return found;
}

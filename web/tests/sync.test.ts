/** The cases of conformance/sync, which the server's own replica answers too (tests/unit/sync). */
import { expect, test } from "vitest";

import { verdict } from "../src/sync/answers.ts";
import { Replica } from "../src/sync/replica.ts";
import { contentOf, digestOf, faultsOf } from "../src/sync/wire.ts";
import type { Answer, Body, Json, Outcome, Page, Told } from "../src/sync/wire.ts";
import { read } from "./conformance.ts";

interface Step {
  write?: Body;
  batch?: number;
  hear?: Answer[];
  learn?: Outcome[];
  begin?: { cursor: string; upto: number; records: Told[] };
  take?: Page;
  resend?: [number, number][];
  gives?: unknown;
  expect?: Record<string, unknown>;
  holds?: Record<string, unknown>;
  sends?: unknown[];
}

const replicas = read("sync/replica.json") as { cases: { say: string; steps: Step[] }[] };
const items = read("sync/items.json") as {
  cases: { say: string; item: Json; filled?: number; codes: string[] }[];
  digests: { say: string; item: Body; content: string; digest: string }[];
};
const answers = read("sync/answers.json") as {
  cases: { say: string; status: number; body: Json; does: string; shows: string }[];
};

test.each(replicas.cases)("$say", ({ steps }) => {
  const phone = new Replica(7);
  for (const step of steps) {
    const given = go(phone, step);
    if (step.gives !== undefined) expect(given).toEqual(step.gives);
    for (const [name, expected] of Object.entries(step.expect ?? {})) expect(kept(phone)[name], name).toEqual(expected);
    if (step.sends !== undefined) expect([...phone.outbox.values()]).toEqual(step.sends);
    if (step.holds !== undefined) expect(Object.fromEntries(phone.store)).toEqual(step.holds);
  }
});

function go(phone: Replica, step: Step): unknown {
  if (step.write !== undefined) return phone.write(step.write);
  if (step.batch !== undefined) return phone.batch(step.batch).map((item) => item.id);
  if (step.hear !== undefined) phone.hear(step.hear);
  if (step.learn !== undefined) phone.learn(step.learn);
  if (step.begin !== undefined) phone.begin(step.begin.cursor, step.begin.upto, step.begin.records);
  if (step.take !== undefined) phone.take(step.take);
  if (step.resend !== undefined) phone.resend(step.resend);
  return undefined;
}

function kept(phone: Replica): Record<string, unknown> {
  return {
    number: phone.number,
    cursor: phone.cursor,
    upto: phone.upto,
    heard: phone.heard,
    outbox: [...phone.outbox.keys()],
    refused: [...phone.refused.keys()],
    sent: Object.fromEntries([...phone.sent].map(([id, { seq }]) => [id, seq])),
    closed: Object.fromEntries(phone.closed),
    store: Object.fromEntries([...phone.store].map(([id, record]) => [id, record.seq])),
  };
}

/** The item with a text in its data, so long that its content is of this size. */
function filledUp(item: Body, size: number): Body {
  const bytes = new TextEncoder().encode(contentOf({ ...item, data: { catatan: "" } })).length;
  const lacking = size - bytes;
  return { ...item, data: { catatan: "é".repeat(lacking >> 1) + "a".repeat(lacking % 2) } };
}

test.each(items.cases)("an item: $say", ({ item, filled, codes }) => {
  expect(faultsOf(filled === undefined ? item : filledUp(item as Body, filled))).toEqual(codes);
});

test.each(items.digests)("the content of an item: $say", async ({ item, content, digest }) => {
  expect(contentOf(item)).toBe(content);
  expect(await digestOf(item)).toBe(digest);
});

test.each(answers.cases)("an answer: $say", ({ status, body, does, shows }) => {
  expect(verdict(status, body)).toEqual({ does, shows });
});

import { beforeAll, describe, expect, test } from "vitest";

import type * as Made from "../made/rules.d.ts";
import { parseDay, type Day } from "../src/kernel/dates.ts";
import { effective } from "../src/records/effective.ts";
import { engineFacts, engineRecord } from "../src/records/values.ts";
import { aboutNeed } from "../src/rules/about.ts";
import { loadRuleBook, type Manifest, type Reach, type RuleBook } from "../src/rules/load.ts";
import type { Life, NeedAnswer, RulesModule } from "../src/rules/module.ts";
import { byUrgency, OPEN, statusWord } from "../src/rules/statuses.ts";
import { fromDisk } from "./made.ts";

/** The module's own types are narrower than those every book has. */
type Fits = typeof Made extends Omit<RulesModule, "unfold"> ? true : never;
const FITS: Fits = true;

function day(text: string): Day {
  return parseDay(text) ?? Number.NaN;
}

let book: RuleBook;

beforeAll(async () => {
  book = await loadRuleBook("", fromDisk);
});

/** A life with the facts that matter; what is left out is unknown. */
function life(birth: string | null, records: Life["records"] = []): Life {
  return { person: { id: 1, died: null, birth: birth === null ? null : day(birth), sex: "p" }, records };
}

function answersFor(one: Life, on: string): Map<string, NeedAnswer> {
  return new Map(book.module.needs(one, day(on)).map((answer) => [answer.need, answer]));
}

describe("the rule book of today", () => {
  test("has types that fit every book", () => { expect(FITS).toBe(true); });

  test("is not loaded when its files belong to different books", async () => {
    const mixed: Reach = {
      ...fromDisk,
      json: async (address) => {
        const found = (await fromDisk.json(address)) as Manifest;
        return address === "manifest.json" ? { ...found, rulebook: "another" } : found;
      },
    };
    await expect(loadRuleBook("", mixed)).rejects.toThrow("another");
  });

  test("gives a need its status, its days and its key", () => {
    const found = answersFor(life("2026-01-31"), "2026-02-01").get("bcg");
    expect(found).toMatchObject({ unit: "person", unit_id: 1, occurrence: 0, opens: day("2026-01-31"), asks: [] });
  });

  test("fetches the tables of growth once, when the first child is to be judged", async () => {
    const fetched: string[] = [];
    const counted: Reach = {
      ...fromDisk,
      module: (address) => {
        fetched.push(address.replace(/-.*/, ""));
        return fromDisk.module(address);
      },
    };
    const own = await loadRuleBook("", counted);
    expect(fetched).toEqual(["rules"]);
    await Promise.all([own.loadGrowth(), own.loadGrowth()]);
    expect(fetched).toEqual(["rules", "growth"]);
  });

  test("leaves lives as they are", () => {
    const records = [
      { kind: "imunisasi", date: day("2026-03-01"), id: 2, vaksin: "bcg" },
      { kind: "timbang", date: day("2026-02-01"), id: 1, berat: 420 },
    ].map((record) => Object.freeze(record));
    const frozen = Object.freeze({ person: Object.freeze(life("2026-01-31").person), records: Object.freeze(records) });
    expect(book.module.needs(frozen, day("2026-03-02")).length).toBeGreaterThan(0);
  });

  test("answers any day from the state alone, as from the records", () => {
    const one = life("2025-01-31", [
      { kind: "imunisasi", date: day("2025-02-20"), id: 1, vaksin: "bcg" },
      { kind: "imunisasi", date: day("2025-04-02"), id: 2, vaksin: "dpt_hb_hib", dosis: 1 },
    ]);
    const folded = book.module.fold(one);
    const read = folded.map((each) =>
      book.module.unfold(each.unit, each.facts, JSON.parse(book.module.stateText(each)) as ReturnType<RulesModule["stateOf"]>),
    );
    for (const on of ["2025-04-03", "2025-06-30", "2026-02-28", "2030-01-01"]) {
      expect(book.module.finish(read, day(on))).toEqual(book.module.needs(one, day(on)));
    }
  });
});

test("from the log of a phone to a status: a correction moves the day that counts", () => {
  const { vocabulary } = book.knowledge;
  const given = { kind: "imunisasi", is_void: false, data: { vaksin: "bcg" }, by_role: "bidan", place_kind: "posyandu" };
  const log = [
    { ...given, id: 1, seq: 1, root: 1, on: day("2026-01-15") },
    { ...given, id: 2, seq: 2, root: 1, on: day("2026-02-15") },
  ];
  const statuses = [log.slice(0, 1), log].map((rows) => {
    const records = effective(rows).map((row) => engineRecord(vocabulary, row));
    const read = records.filter((record) => record !== null);
    const facts = engineFacts(vocabulary, { birth: "2026-01-31", sex: "p" });
    return answersFor({ person: { ...facts, id: 1, died: null }, records: read }, "2026-03-01").get("bcg")?.status;
  });
  expect(statuses).toEqual(["overdue", "done"]);
});

describe("what is shown beside a need", () => {
  test("names the unknown fact with the question that gets it", () => {
    const answer = answersFor(life(null), "2026-11-21").get("bcg");
    const reason = answer && aboutNeed(answer, book.knowledge);
    expect(reason).toMatchObject({ need: "bcg", status: "unknown", asked: [{ about: "fact", label: "Tanggal lahir", of: "" }] });
    expect(reason?.performers.map(({ at }) => at)).toContain("posyandu");
    expect(reason?.cites).not.toBe("");
    expect(reason?.isSought).toBe(true);
  });

  test("names the kind of record that lacks a field", () => {
    const visit = { kind: "kunjungan_neonatal", date: day("2026-02-01"), id: 1 };
    const answer = answersFor(life("2026-01-31", [visit]), "2026-02-01").get("kn1");
    const asked = answer && aboutNeed(answer, book.knowledge).asked;
    expect(asked).toMatchObject([{ about: "record", of: "kunjungan_neonatal" }]);
  });

  test("calls a need and a label of a newer book by their own names", () => {
    const answer = { ...(answersFor(life(null), "2026-11-21").get("bcg") as NeedAnswer), need: "baru_2031", asks: ["x", "y.z", "date(q)"] };
    const reason = aboutNeed(answer, book.knowledge);
    expect([reason.title, ...reason.asked.map(({ label }) => label)]).toEqual(["baru_2031", "x", "z", "q"]);
  });

  test.each(["overdue", "due", "not_yet", "missed", "done", "unknown"])("of what is %s tells the day that decides", (status) => {
    const days = { opens: 1, due: 2, overdue: 3, until: 4 };
    const answer = { ...(answersFor(life(null), "2026-11-21").get("bcg") as NeedAnswer), ...days, status };
    const expected = { overdue: 3, due: 2, not_yet: 1, missed: 4 }[status] ?? null;
    expect(aboutNeed(answer, book.knowledge).day).toBe(expected);
  });
});

describe("a status", () => {
  test("has a word, and an unknown one is shown as it is written", () => {
    expect(OPEN.map(statusWord)).toEqual(["Terlambat", "Waktunya", "Belum diketahui", "Menolak"]);
    expect(statusWord("menunggu_2031")).toBe("menunggu_2031");
  });

  test("orders a list by what asks for hands; one nobody knows comes first", () => {
    const listed = ["done", "due", "menunggu_2031", "unknown", "overdue"].map((status) => ({ status }));
    expect(listed.sort(byUrgency).map(({ status }) => status)).toEqual(["menunggu_2031", "overdue", "due", "unknown", "done"]);
  });

  test("of every kind the module gives has a word", () => {
    const lives = [life("2026-01-31"), life("1960-05-05"), life(null)];
    const statuses = lives.flatMap((one) => book.module.needs(one, day("2026-11-21")));
    for (const { status } of statuses) expect(statusWord(status)).not.toBe(status);
  });
});

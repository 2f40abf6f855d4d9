/** Reasons by the real words of today's rule book. That they are the server's is proved in tests/engines. */
import { beforeAll, describe, expect, test } from "vitest";

import { parseDay, type Day } from "../src/kernel/dates.ts";
import { loadRuleBook, type Reach, type RuleBook } from "../src/rules/load.ts";
import type { Life } from "../src/rules/module.ts";
import { reason, type Teller } from "../src/rules/reasons.ts";
import { fromDisk } from "./made.ts";

const TODAY = parseDay("2026-11-21") ?? Number.NaN;
let book: RuleBook;
let teller: Teller;

beforeAll(async () => {
  book = await loadRuleBook("", fromDisk);
  teller = await book.loadReasons();
});

function told(life: Life, today: Day, need: string): string {
  const answer = book.module.needs(life, today).find((each) => each.need === need) ?? null;
  return reason(teller, life, today, need, answer);
}

function born(birth: Day | null, died: Day | null = null): Life {
  return { person: { id: 1, died, birth, sex: "p" }, records: [] };
}

describe("a reason", () => {
  test("names the unknown fact and puts the question that gets it", () => {
    expect(told(born(null), TODAY, "bcg")).toMatch(/^Belum diketahui: tanggal lahir tidak ada\. Kapan tanggal lahirnya\?/);
  });

  test("tells of the person's own dates", () => {
    expect(told(born(TODAY), TODAY, "bcg")).toMatch(/^Waktunya: lahir 21 Nov 2026, BCG mulai /);
  });

  test("of the dead is the day of death", () => {
    expect(told(born(0, TODAY), TODAY, "bcg")).toBe("Tidak perlu: meninggal 21 Nov 2026.");
  });

  test("of a need nobody answers is the condition that does not hold", () => {
    expect(book.module.needs(born(0), TODAY).map(({ need }) => need)).not.toContain("bcg");
    expect(told(born(0), TODAY, "bcg")).toMatch(/^Tidak perlu: hanya bila umur .*; umur \d+ /);
  });

  test("of a need the words do not know is refused, not made up", () => {
    expect(() => reason(teller, born(0), TODAY, "baru_2031", null)).toThrow("baru_2031");
  });

  test("has words of the same book, fetched once and only when somebody asks why", async () => {
    const fetched: string[] = [];
    const counted: Reach = { ...fromDisk, json: (address) => (fetched.push(address.replace(/-.*/, "")), fromDisk.json(address)) };
    const own = await loadRuleBook("", counted);
    expect(fetched).toEqual(["manifest.json", "knowledge"]);
    await Promise.all([own.loadReasons(), own.loadReasons()]);
    expect(fetched).toEqual(["manifest.json", "knowledge", "reasons"]);
    const other: Reach = {
      ...fromDisk,
      json: async (address) => {
        const found = (await fromDisk.json(address)) as object;
        return address.startsWith("reasons") ? { ...found, rulebook: "another" } : found;
      },
    };
    await expect((await loadRuleBook("", other)).loadReasons()).rejects.toThrow("another");
  });
});

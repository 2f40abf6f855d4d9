// The phone's reasons for many lives: one JSON line in, one JSON line out.
//   node tell-reasons.mjs COMPILED_SRC BOOK_FOLDER < asked > told
// A question is {life, day, needs: [[need, id of the unit], ...]}, an answer the paragraphs in that order. The folder is what
// `siklus rules javascript` writes.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [compiled = "", folder = ""] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(path).href);
const [{ reason }, { loadRuleBook }] = await Promise.all(["reasons", "load"].map((name) => load(`${compiled}/rules/${name}.js`)));
const book = await loadRuleBook(`${folder}/`, {
  json: (address) => Promise.resolve(JSON.parse(readFileSync(address, "utf8"))),
  module: load,
});
await book.loadGrowth();
const teller = await book.loadReasons();

for await (const line of createInterface({ input: process.stdin })) {
  const { life, day, needs } = JSON.parse(line);
  const answers = new Map(book.module.needs(life, day).map((answer) => [`${answer.need} ${answer.unit_id}`, answer]));
  const told = needs.map(([need, unit]) => reason(teller, life, day, need, answers.get(`${need} ${unit}`) ?? null, unit));
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

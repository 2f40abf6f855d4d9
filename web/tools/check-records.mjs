// The phone's check of many records, and what engines read of each: one JSON line in, one JSON line out.
//   node check-records.mjs COMPILED_SRC KNOWLEDGE_JSON < drafts > answers
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [compiled = "", knowledge] = process.argv.slice(2);
const from = (name) => import(pathToFileURL(`${compiled}/${name}.js`).href);
const [{ checkRecord }, { problemText }, { engineRecord }] = await Promise.all(
  ["records/checks", "kernel/problems", "records/values"].map(from),
);
const { vocabulary } = JSON.parse(readFileSync(knowledge ?? "", "utf8"));

for await (const line of createInterface({ input: process.stdin })) {
  const { around, ...written } = JSON.parse(line);
  const found = checkRecord(written, vocabulary, around);
  const read = engineRecord(vocabulary, { ...written, ...found, id: 1 });
  const told = { problems: found.problems.map(problemText), odd: found.odd.map(problemText) };
  process.stdout.write(`${JSON.stringify({ ...found, ...told, read })}\n`);
}

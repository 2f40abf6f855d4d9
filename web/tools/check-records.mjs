// The phone's check of many records: one JSON line in, one JSON line out.
//   node check-records.mjs CHECKS_JS PROBLEMS_JS KNOWLEDGE_JSON < drafts > answers
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [checks, problems, knowledge] = process.argv.slice(2);
const { checkRecord } = await import(pathToFileURL(checks ?? "").href);
const { problemText } = await import(pathToFileURL(problems ?? "").href);
const { vocabulary } = JSON.parse(readFileSync(knowledge ?? "", "utf8"));

for await (const line of createInterface({ input: process.stdin })) {
  const { around, ...written } = JSON.parse(line);
  const found = checkRecord(written, vocabulary, around);
  const told = { problems: found.problems.map(problemText), odd: found.odd.map(problemText) };
  process.stdout.write(`${JSON.stringify({ ...found, ...told })}\n`);
}

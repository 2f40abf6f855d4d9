// One group of persons a line: each line names a task and a group; the answer is the CPU seconds it took.
//   node phone.mjs MODULE GROWTH GROUPS_JSON TODAY
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [module, growth, groupsFile, on] = process.argv.slice(2);
const book = await import(pathToFileURL(module).href);
book.useGrowth(await import(pathToFileURL(growth).href));
const today = Number(on);
const groups = JSON.parse(readFileSync(groupsFile, "utf8"));
const states = Object.fromEntries(Object.entries(groups).map(([name, lives]) => [name, lives.map(book.fold)]));
const tasks = {
  records: (name) => groups[name].forEach((life) => book.needs(life, today)),
  state: (name) => states[name].forEach((folded) => book.finish(folded, today)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { task, group, times } = JSON.parse(line);
  const before = process.cpuUsage();
  for (let turn = 0; turn < times; turn++) tasks[task](group);
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(`${(user + system) / 1e6 / times}\n`);
}

// Answers questions about lives by the module of a rule book: one JSON line in, one JSON line out.
//   node javascript_answers.mjs MODULE < questions > answers
// A question is {life, days, periods}: needs and classes on each day, indicators of each period on the last day, units
// with their facts and the episode of each attached record, and the text of each state.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const book = await import(pathToFileURL(process.argv[2]).href);

function unitsOf(life) {
  return book.units(life).map(({ unit, facts, records }) => {
    const belongs = records.flatMap((rows) => rows.map((row) => [row.id, row.unit]));
    return { unit, facts, belongs };
  });
}

function answer({ life, days, periods }) {
  const folded = book.fold(life);
  const last = days[days.length - 1];
  // What is folded again from its own text must finish as what was folded from the records.
  const read = folded.map((each) => book.unfold(each.unit, each.facts, JSON.parse(book.stateText(each))));
  return {
    days: days.map((day) => ({ needs: book.finish(read, day), classes: book.classes(life, day) })),
    periods: periods.map((period) => book.indicators(life, last, period)),
    states: folded.map((each) => [each.unit, each.facts.id, book.stateText(each)]),
    units: unitsOf(life),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}

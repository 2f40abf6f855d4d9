// Answers questions about lives by the module of a rule book: one JSON line in, one JSON line out.
//   node javascript_answers.mjs MODULE GROWTH < questions > answers
// A question is {life, days, periods, on, withUnits, countedOnly}: needs and classes on each day, indicators of each period
// on the day `on` (the last day where there is none; without the units surely not counted, if asked so), units with their
// facts and the episode of each attached record, and the text of each state. An answer is the list of its values, in the
// order of siklus.rules.answers.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [book, growth] = await Promise.all(process.argv.slice(2, 4).map((path) => import(pathToFileURL(path).href)));
book.useGrowth(growth);

function unitsOf(life) {
  return book.units(life).map(({ unit, facts, records }) => {
    const belongs = records.flatMap((rows) => rows.map((row) => [row.id, row.unit]));
    return { unit, facts, belongs };
  });
}

const valuesOf = (names) => (answer) => names.map((name) => answer[name]);
const aNeed = valuesOf(["need", "unit", "unit_id", "occurrence", "status", "opens", "due", "overdue", "until", "asks"]);
const aClass = valuesOf(["classification", "unit_id", "value", "do"]);
const anIndicator = valuesOf(["indicator", "unit", "unit_id", "counted", "components", "reached"]);

function readAgain(folded) {
  return book.unfold(folded.unit, folded.facts, JSON.parse(book.stateText(folded)), folded.members.map(readAgain));
}

function answer({ life, days, periods, on, withUnits, countedOnly }) {
  const folded = book.fold(life);
  const last = on ?? days[days.length - 1];
  // What is folded again from its own text must finish as what was folded from the records.
  const read = folded.map(readAgain);
  return {
    days: days.map((day) => ({
      needs: book.finish(read, day).map(aNeed),
      classes: book.classes(life, day).map(aClass),
    })),
    periods: periods.map((period) =>
      book
        .indicators(life, last, period)
        .filter(({ counted }) => !countedOnly || counted !== false)
        .map(anIndicator),
    ),
    states: folded.map((each) => [each.unit, each.facts.id, book.stateText(each)]),
    units: withUnits ? unitsOf(life) : [],
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}

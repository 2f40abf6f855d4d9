// What generated JavaScript leans on: months, small pieces of three-valued work, the forming of episodes, the engine.
// It is the twin of kernel/dates.py, rules/runtime.py, rules/episodes.py and the Engine of emitters/python.py, and is
// held to them by conformance/. Unknown is null. Every division here is of whole numbers and floors.

const NEVER = 2932896;
/** @type {any[]} A list that is empty and stays so. */
const NONE = [];

/** @param {number} a @param {number} b */
function quotient(a, b) {
  return Math.floor(a / b);
}

/** Months from March 0000 to the month that holds this day. @param {number} day */
function monthIndex(day) {
  const z = day + 719468;
  const era = quotient(z, 146097);
  const q = z - era * 146097;
  const year = quotient(q - quotient(q, 1460) + quotient(q, 36524) - quotient(q, 146096), 365);
  const rest = q - (365 * year + quotient(year, 4) - quotient(year, 100));
  return (year + 400 * era) * 12 + quotient(5 * rest + 2, 153);
}

/** The first day of a month given as `monthIndex`. @param {number} month */
function firstDayOf(month) {
  const y = quotient(month, 12);
  const p = month - y * 12;
  return 365 * y + quotient(y, 4) - quotient(y, 100) + quotient(y, 400) + quotient(153 * p + 2, 5) - 719468;
}

// The first days of the months of 1880 to 2139; outside them the formula itself is used, so the answers are the same.
const FIRST_MONTH = monthIndex(-32872);
const MONTHS = 12 * 260;
const FIRST = Int32Array.from({ length: MONTHS + 1 }, (_, n) => firstDayOf(FIRST_MONTH + n));
const LOW = firstDayOf(FIRST_MONTH);
const HIGH = firstDayOf(FIRST_MONTH + MONTHS);
const DAYS_OF_A_MONTH = 30.436875;

/** The month of a day, counted from the first of the table. @param {number} day @returns {number} */
function monthAt(day) {
  if (day < LOW || day >= HIGH) return monthIndex(day) - FIRST_MONTH;
  let month = Math.floor((day - LOW) / DAYS_OF_A_MONTH);
  while (FIRST[month] > day) month--;
  while (FIRST[month + 1] <= day) month++;
  return month;
}

/** The first day of a month counted from the first of the table. @param {number} month @returns {number} */
function firstAt(month) {
  return month >= 0 && month <= MONTHS ? FIRST[month] : firstDayOf(FIRST_MONTH + month);
}

/** The day of a month, so many days after its first, clamped to its last. @param {number} month @param {number} offset */
function dayIn(month, offset) {
  const day = firstAt(month) + offset;
  const stop = firstAt(month + 1);
  return day < stop ? day : stop - 1;
}

/** @param {number} day @param {number} months */
function addMonths(day, months) {
  if (day >= NEVER) return NEVER;
  const here = monthAt(day);
  return dayIn(here + months, day - firstAt(here));
}

/** @param {number} day @param {number} days */
function addDays(day, days) {
  return day >= NEVER ? NEVER : day + days;
}

/** Completed months; negative when the end is earlier. @param {number} start @param {number} end */
function monthsBetween(start, end) {
  const months = monthAt(end) - monthAt(start);
  return addMonths(start, months) <= end ? months : months - 1;
}

/** @param {number} start @param {number} end */
function ageYears(start, end) {
  return quotient(monthsBetween(start, end), 12);
}

/** @param {number} start @param {number} end */
function weeksBetween(start, end) {
  return quotient(end - start, 7);
}

/** @param {number} day */
function monthOf(day) {
  const month = monthIndex(day) + 2;
  return month - 12 * quotient(month, 12) + 1;
}

/** @param {number} day */
function yearOf(day) {
  return quotient(monthIndex(day) + 2, 12);
}

/** @param {number} day */
function startOfMonth(day) {
  return firstAt(monthAt(day));
}

/** The first day of the last month on or before this day's that is so many after March. @param {number} day @param {number} after */
function startOfYearFrom(day, after) {
  return firstDayOf(quotient(monthIndex(day) - after, 12) * 12 + after);
}

/** @param {number} day */
function startOfYear(day) {
  return startOfYearFrom(day, 10);
}

/** @param {number} day */
function startOfSchoolYear(day) {
  return startOfYearFrom(day, 4);
}

/** @param {number} day */
function startOfWeek(day) {
  return day - (day + 3 - 7 * quotient(day + 3, 7));
}

/** What the calendar can be asked, by the names of the rule language; months are counted from one and the same month. */
const calendar = {
  age_days: (birth, on) => on - birth,
  age_months: monthsBetween,
  age_years: ageYears,
  months_between: monthsBetween,
  weeks_between: weeksBetween,
  month: monthOf,
  year: yearOf,
  start_of_month: startOfMonth,
  start_of_year: startOfYear,
  start_of_school_year: startOfSchoolYear,
  start_of_week: startOfWeek,
  add_months: addMonths,
  add_days: addDays,
  month_index: monthAt,
};

/** The labels whose value is unknown, without repeats, from label, value, label, value ... @param {any[]} pairs */
function asked(...pairs) {
  const labels = [];
  for (let place = 0; place < pairs.length; place += 2) {
    if (pairs[place + 1] === null && !labels.includes(pairs[place])) labels.push(pairs[place]);
  }
  return labels;
}

/** @param {{date: number}[]} rows */
function daysOf(rows) {
  return rows.map((row) => row.date);
}

/** How many different days, of days in order. @param {number[]} days */
function distinct(days) {
  let count = 0;
  for (let place = 0; place < days.length; place++) {
    if (place === 0 || days[place] !== days[place - 1]) count++;
  }
  return count;
}

/** How many different calendar months, of days in order. @param {number[]} days */
function monthsWith(days) {
  return distinct(days.map(monthAt));
}

/** @param {any} value */
function isKnown(value) {
  return value !== null;
}

/** @param {number[]} values */
function total(values) {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** @returns {object} One need of one unit on a day, as rules/answers.py says it. */
function aNeed(need, unit, unit_id, occurrence, status, opens, due, overdue, until, asks) {
  return { need, unit, unit_id, occurrence, status, opens, due, overdue, until, asks };
}

/** @returns {object} One unit under one indicator. */
function anIndicator(indicator, unit, unit_id, counted, components, reached) {
  return { indicator, unit, unit_id, counted, components, reached };
}

/** @returns {object} The class of the last record of a kind, and what to do. */
function aClass(classification, unit_id, value, action) {
  return { classification, unit_id, value, do: action };
}

/** The order that holds everywhere. @param {any} a @param {any} b */
function byDateAndId(a, b) {
  return a.date - b.date || a.id - b.id;
}

/** Copies of the records that some rule or episode reads, by the place of their kind, each list in order. */
function sortRecords(tables, { person, records }) {
  const sorted = tables.readers.map(() => NONE);
  const unsorted = new Set();
  for (const record of records) {
    const place = tables.kinds.get(record.kind);
    if (place === undefined) continue;
    const row = tables.readers[place](record, person);
    const listed = sorted[place];
    if (listed === NONE) {
      sorted[place] = [row];
    } else {
      listed.push(row);
      if (byDateAndId(listed[listed.length - 2], row) > 0) unsorted.add(place);
    }
  }
  for (const place of unsorted) sorted[place].sort(byDateAndId);
  return sorted;
}

function selected(selection, records) {
  const listed = records[selection.kind];
  return selection.field === null || listed === NONE ? listed : listed.filter((row) => row[selection.field] === selection.value);
}

function afterSpan(day, span) {
  if (span === null) return NEVER;
  return span.in_months ? addMonths(day, span.count) : addDays(day, span.count);
}

/** Forms the episodes of one kind: groups of openings, each closed by the first closing record that fits. */
function form(episode, records) {
  const openings = selected(episode.opened_by, records);
  if (openings.length === 0 && !episode.closing_alone) return NONE;
  const closings = [];
  for (const selection of episode.closed_by) closings.push(...selected(selection, records));
  if (openings.length === 0 && closings.length === 0) return NONE;
  if (closings.length > 1) closings.sort(byDateAndId);
  /** @type {any[][]} */
  const groups = [];
  /** @type {any} */
  let before = null;
  for (const opening of openings) {
    const from = before;
    const repeats =
      from !== null &&
      opening.date < afterSpan(from.date, episode.lasts) &&
      !closings.some((closing) => from.date <= closing.date && closing.date < opening.date);
    if (repeats) groups[groups.length - 1].push(opening);
    else groups.push([opening]);
    before = opening;
  }
  const formed = groups.map((group, place) => oneEpisode(episode, group, groups[place + 1], closings));
  if (episode.closing_alone) {
    for (const { id, date } of closings) {
      if (!formed.some((facts) => facts.opened <= date && date <= facts.last_day)) {
        formed.push(episodeFacts(episode, NONE, id, date, date, date));
      }
    }
  }
  return formed.sort((a, b) => a.opened - b.opened || a.id - b.id);
}

function oneEpisode(episode, openings, following, closings) {
  const opened = openings[0].date;
  const limit = afterSpan(openings[openings.length - 1].date, episode.lasts);
  const before = following === undefined || limit < following[0].date ? limit : following[0].date;
  const closing = closings.find(({ date }) => opened <= date && date < before);
  const ended = closing === undefined ? null : closing.date;
  return episodeFacts(episode, openings, openings[0].id, opened, ended, ended === null ? before - 1 : ended);
}

/** A fact is its last known value among the openings; the start is the first known of what is declared. */
function episodeFacts(episode, openings, id, opened, ended, last_day) {
  const facts = episode.blank();
  facts.id = id;
  facts.opened = opened;
  facts.ended = ended;
  facts.last_day = last_day;
  facts.openings = openings;
  for (const name of episode.facts) {
    for (const opening of openings) {
      if (opening[name] !== null) facts[name] = opening[name];
    }
  }
  if (episode.start.length === 0) {
    facts.start = opened;
  } else {
    const known = episode.start.find(([name]) => facts[name] !== null && facts[name] < NEVER);
    if (known !== undefined) facts.start = facts[known[0]] - known[1];
  }
  return facts;
}

/** Gives each record its episode: the one it names by an opening of it, else by its day; or none. */
function attach(episodes, listed) {
  const spans = episodes.map(({ id, opened, start, last_day }) => {
    return { id, last_day, begins: start === null || opened < start ? opened : start };
  });
  spans.sort((a, b) => b.begins - a.begins || b.id - a.id || b.last_day - a.last_day);
  const named = new Map();
  if (listed.some((row) => row.episode !== null)) {
    for (const { id, openings } of episodes) {
      named.set(id, id);
      for (const opening of openings) named.set(opening.id, id);
    }
  }
  for (const row of listed) row.unit = named.get(row.episode) ?? holding(spans, row.date);
}

/** Of the episodes that hold a day the one with the latest start, then the greatest id. */
function holding(spans, day) {
  const span = spans.find(({ begins, last_day }) => begins <= day && day <= last_day);
  return span === undefined ? null : span.id;
}

/** As Python's json.dumps: ASCII only. @param {string} text */
function asciiOnly(text) {
  return text.replace(/[\u007f-\uffff]/g, (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0"));
}

/** The engine of one rule book, from its tables. */
function makeEngine(tables) {
  /** With a day, a household's records hold also what its members come to on that day. */
  function units(life, today = null) {
    const records = sortRecords(tables, life);
    if (life.members) {
      if (today !== null && tables.member !== null) records[tables.member] = rowsOf(tables, membersOf(life), today);
      return [{ unit: "household", facts: tables.household(life.person), records }];
    }
    const person = tables.person(life.person);
    const found = [{ unit: "person", facts: person, records }];
    for (const episode of tables.episodes) {
      const formed = form(episode, records);
      if (formed.length === 0) continue;
      if (episode.place !== null) {
        records[episode.place] = formed.map(tables.readers[episode.place]);
      }
      for (const facts of formed) found.push({ unit: episode.name, facts: episode.together(person, facts), records });
      for (const place of episode.attaches) attach(formed, records[place]);
    }
    return found;
  }

  function membersOf(life) {
    return life.members ? life.members.map((each) => foldMember(tables, units(each)[0])) : NONE;
  }

  function fold(life) {
    const folded = [];
    for (const { unit, facts, records } of units(life)) {
      const folds = tables.folds[unit];
      if (folds !== undefined) folded.push({ unit, facts, kept: folds(facts, records), members: membersOf(life) });
    }
    return folded;
  }

  function finish(folded, today) {
    const answers = [];
    for (const folds of folded) {
      const { unit, facts, kept, members } = folds;
      if (facts.died !== null) continue;
      tables.finishes[unit](facts, members.length > 0 ? withMembers(tables, folds, today) : kept, today, answers);
    }
    return answers;
  }

  function needs(life, today) {
    return finish(fold(life), today);
  }

  function indicators(life, today, period) {
    const answers = [];
    const day = Math.min(today, period.stop - 1);
    for (const { unit, facts, records } of units(life)) {
      const judge = tables.judges[unit + " " + period.kind];
      if (judge === undefined) continue;
      if (life.members && tables.member !== null) records[tables.member] = rowsOf(tables, membersOf(life), day);
      judge.finish(facts, judge.fold(facts, records, period.start, period.stop), day, period.start, period.stop, answers);
    }
    return answers;
  }

  function classes(life, today) {
    const answers = [];
    if (life.members) return answers;
    const [{ facts, records }] = units(life);
    tables.classify(facts, tables.foldClasses(facts, records), today, answers);
    return answers;
  }

  function stateOf({ unit, kept }) {
    const none = tables.kept[unit];
    const state = {};
    kept.forEach((value, place) => {
      if (Array.isArray(value) ? value.length > 0 : value !== none[place]) state[place] = value;
    });
    return state;
  }

  function stateText(folded) {
    return asciiOnly(JSON.stringify(stateOf(folded)));
  }

  function unfold(unit, facts, state, members = NONE) {
    const kept = (tables.kept[unit] ?? NONE).slice();
    for (const [place, value] of Object.entries(state)) kept[place] = value;
    return { unit, facts, kept, members };
  }

  return { units, fold, finish, needs, indicators, classes, stateOf, stateText, unfold };
}

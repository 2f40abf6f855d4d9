// The twin of rules/growth.py: WHO z-scores by the same IEEE operations in the same order. Loaded when a child is judged.
// `WHO` and `PACKED` stand before these lines; the tables are unpacked when the first child is judged by them.

const HALF = 0.5;
const NUDGE = 1e-9;
const BEYOND = 3;
/** @type {Map<string, {l: number[], m: number[], s: number[]}[]>} */
const unpacked = new Map();

/** @param {number | null | undefined} value */
function positive(value) {
  return value !== null && value !== undefined && value > 0 && value < Infinity ? value : null;
}

/** Whole numbers from the differences of their differences. @param {string} text @param {number} scale */
function unpack(text, scale) {
  let step = 0;
  let value = 0;
  return text.split(" ").map((word) => {
    step += Number(word);
    value += step;
    return value / scale;
  });
}

/** The rows of boys and of girls. @param {string} file */
function rowsOf(file) {
  let both = unpacked.get(file);
  if (both === undefined) {
    both = PACKED[file].sexes.map(([l, m, s]) => ({
      l: unpack(l, WHO.scales[0]),
      m: unpack(m, WHO.scales[1]),
      s: unpack(s, WHO.scales[2]),
    }));
    unpacked.set(file, both);
  }
  return both;
}

/** L, M, S at a place of a table, or so far on the way to the next; null outside it. */
function at(file, sex, place, share) {
  const here = place - PACKED[file].first;
  const rows = rowsOf(file)[sex];
  if (!(here >= 0 && here < rows.l.length)) return null;
  if (!(share > 0)) return [rows.l[here], rows.m[here], rows.s[here]];
  if (here + 1 === rows.l.length) return null;
  return [rows.l, rows.m, rows.s].map((row) => row[here] + share * (row[here + 1] - row[here]));
}

function ageOf({ age_days: days = null, age_months: months = null }) {
  if (days !== null && days >= 0 && days < Infinity) {
    const whole = Math.floor(days);
    return [days - whole >= HALF ? whole + 1 : whole, days / WHO.days_in_month];
  }
  if (months !== null && months >= 0 && months < Infinity) {
    const exact = months * WHO.days_in_month;
    if (exact < Infinity) return [Math.floor(exact + HALF), months];
  }
  return [null, null];
}

/** Age in whole days and exact months, and the length lying or standing as it should have been at that age. */
export function measured(child) {
  const [days, months] = ageOf(child);
  let position = child.position ?? null;
  let length = positive(child.length);
  const is_odd = position === "standing" && months !== null && months < WHO.standing_odd_before_month;
  if (is_odd) position = null;
  if (length !== null && days !== null) {
    if (days < WHO.standing_from_day && position === "standing") length = length + WHO.difference;
    else if (days >= WHO.standing_from_day && position === "lying") length = length - WHO.difference;
    length = positive(length);
  }
  const weight = positive(child.weight);
  let bmi = null;
  if (weight !== null && length !== null) {
    const metres = length / 100;
    const square = metres * metres;
    if (square > 0) bmi = positive(weight / square);
  }
  const values = { weight, length, bmi, head: positive(child.head), arm: positive(child.arm) };
  return { sex: child.sex ?? null, days, months, position, is_odd, values, oedema: child.oedema === true };
}

function judgedAs(child, length) {
  if (child.days !== null) return child.days < WHO.standing_from_day ? "lying" : "standing";
  if (child.position !== null) return child.position;
  return length < WHO.standing_from_cm ? "lying" : "standing";
}

function rowFor(index, child) {
  for (const table of index.tables) {
    if (child.months !== null && !(table.since <= child.months && child.months < table.until)) continue;
    if (table.by === "length") {
      const { length } = child.values;
      if (length === null) return "length";
      const fits = table.position === judgedAs(child, length) && table.least <= length && length <= table.most;
      if (!fits) continue;
      const place = Math.floor(length * 10);
      return at(table.file, child.sex, place, (length - place / 10) / 0.1) ?? "outside";
    }
    if (child.months === null || child.days === null) return "age";
    if (table.by === "day") return at(table.file, child.sex, child.days, 0) ?? "outside";
    const place = Math.floor(child.months);
    return at(table.file, child.sex, place, child.months - place) ?? "outside";
  }
  return "outside";
}

function atDeviation(k, l, m, s) {
  return m * Math.pow(1 + l * s * k, 1 / l);
}

function zOf(y, l, m, s, extended) {
  const z = (Math.pow(y / m, l) - 1) / (s * l);
  if (extended && z > BEYOND) {
    const last = atDeviation(BEYOND, l, m, s);
    return BEYOND + (y - last) / (last - atDeviation(BEYOND - 1, l, m, s));
  }
  if (extended && z < -BEYOND) {
    const last = atDeviation(-BEYOND, l, m, s);
    return -BEYOND + (y - last) / (atDeviation(1 - BEYOND, l, m, s) - last);
  }
  return z;
}

function lacking(measure, values) {
  if (measure !== "bmi") return measure;
  return values.weight === null ? "weight" : "length";
}

/** Hundredths and what is wrong with them, of a child made ready by `measured`. @param {string} name */
export function score(name, child) {
  const index = WHO.indexes[name];
  const value = child.values[index.of];
  if (value === null) return { value: null, why: lacking(index.of, child.values) };
  if (child.sex === null) return { value: null, why: "sex" };
  if (child.oedema && !index.with_oedema) return { value: null, why: "oedema" };
  const found = rowFor(index, child);
  if (typeof found === "string") return { value: null, why: found };
  const z = zOf(value, found[0], found[1], found[2], index.extended);
  const size = Math.abs(z) * 100 + HALF + NUDGE;
  if (!(size < Infinity)) return { value: null, why: "outside" };
  const hundredths = z < 0 ? 0 - Math.floor(size) : Math.floor(size);
  return { value: hundredths, why: index.low <= hundredths && hundredths <= index.high ? "" : "implausible" };
}

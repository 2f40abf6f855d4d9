// The twin of rules/derived.py: what is worked out from one record when a rule first asks for it.

/** @type {any} The module of growth, once somebody has loaded it. */
let growth = null;

/** Hands over the module of growth; without it nobody can be judged by a z-score. @param {any} module */
function useGrowth(module) {
  growth = module;
}

/** A size as written, unless it is empty or not possible. */
function unitsOf(row, [name, low, high]) {
  const value = row[name] ?? null;
  return value !== null && value >= low && value <= high ? value : null;
}

function bmiOf(row, [weight, length]) {
  const kilograms = unitsOf(row, weight);
  const centimetres = unitsOf(row, length);
  if (kilograms === null || centimetres === null || kilograms <= 0 || centimetres <= 0) return null;
  const grams = kilograms * weight[3];
  const millimetres = centimetres * length[3];
  const square = millimetres * millimetres;
  return quotient(2 * grams * 100000 + square, 2 * square);
}

/** The child of a record, ready to be judged. */
function childOf(kind, row, person) {
  if (growth === null) throw new Error("useGrowth(module) comes before a child is judged");
  const { sizes, position, oedema } = kind;
  const size = (role) => {
    const units = sizes[role] === undefined ? null : unitsOf(row, sizes[role]);
    return units === null ? null : units / sizes[role][3];
  };
  const birth = person.birth ?? null;
  return growth.measured({
    sex: SEXES[person.sex] ?? null,
    age_days: birth === null ? null : row.date - birth,
    weight: size("weight"),
    length: size("length"),
    position: position === null ? null : (POSITIONS[row[position]] ?? null),
    head: size("head"),
    arm: size("arm"),
    oedema: oedema !== null && row[oedema] === true,
  });
}

/** One derived field of a record; null is unknown. */
function derivedOf(kind, name, row, person) {
  const [index, bmi] = DERIVED[kind].fields[name];
  if (index === null) return bmiOf(row, bmi);
  const { value, why } = growthScore(index, kind, row, person);
  return why === "" ? value : null;
}

function growthScore(index, kind, row, person) {
  const child = childOf(DERIVED[kind], row, person);
  return growth.score(index, child);
}

/** Every z-score of a record with what is wrong with it, by field, also those no rule asks for. */
function scores(person, record) {
  const fields = DERIVED[record.kind]?.fields ?? {};
  const scored = Object.entries(fields).filter(([, [index]]) => index !== null);
  return Object.fromEntries(scored.map(([name, [index]]) => [name, growthScore(index, record.kind, record, person)]));
}

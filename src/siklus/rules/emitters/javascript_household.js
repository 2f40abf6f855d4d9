// Of a household: what its members come to on a day. The twin of `fold_household` and its like in emitters/python.py.

/** A person without the episodes: all that a household asks for. @param {any} tables @param {any} person */
function foldMember(tables, { facts, records }) {
  const folds = tables.folds.person;
  return { unit: "person", facts, kept: folds === undefined ? NONE : folds(facts, records), members: NONE };
}

/** What each of the living shares on this day. @param {any} tables @param {any[]} members @param {number} today */
function rowsOf(tables, members, today) {
  return members.map(({ facts, kept }) => tables.share(facts, kept, today)).filter(isKnown);
}

/** What is kept of a household, with what its members come to on this day in its places. */
function withMembers(tables, { facts, kept, members }, today) {
  if (tables.ofMembers.length === 0) return kept;
  const rows = rowsOf(tables, members, today);
  if (rows.length === 0) return kept;
  const records = tables.readers.map(() => NONE);
  records[tables.member] = rows;
  const fresh = tables.folds.household(facts, records);
  return kept.map((value, place) => (tables.ofMembers.includes(place) ? fresh[place] : value));
}

/**
 * Days as whole numbers, 1970-01-01 being 0: the twin of `kernel/dates.py` as far as checks and pages need it.
 * Months are moved by the rule book's module alone.
 */
export type Day = number;

/** 9999-12-31: a limit that does not exist. */
export const NEVER: Day = 2932896;

const MILLISECONDS = 86_400_000;
const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The day number of `yyyy-mm-dd`; null when it is not in the calendar. */
export function parseDay(text: unknown): Day | null {
  const match = typeof text === "string" ? ISO.exec(text) : null;
  if (match === null || match[1] === "0000") return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  const found = moment.getTime() / MILLISECONDS;
  return isoDay(found) === text ? found : null;
}

/** `yyyy-mm-dd` of a day number. */
export function isoDay(day: Day): string {
  const { year, month, date } = calendar(day);
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`;
}

/** Year, month (1 to 12) and day of the month. */
export function calendar(day: Day): { year: number; month: number; date: number } {
  const moment = new Date(day * MILLISECONDS);
  return { year: moment.getUTCFullYear(), month: moment.getUTCMonth() + 1, date: moment.getUTCDate() };
}

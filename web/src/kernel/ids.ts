/**
 * Record ids: `device-number`, packed into one sortable number below 2^53, the twin of `kernel/ids.py`.
 * Never use bit operators on a key: they cut it to 32 bits.
 */
const NUMBERS = 2 ** 32;
const DEVICES = 2 ** 21;
const PATTERN = /^([1-9]\d{0,6})-([1-9]\d{0,9})$/;

/** One number for the pair; null outside the ranges. */
export function recordKey(device: number, number: number): number | null {
  const fits = device >= 1 && device < DEVICES && number >= 1 && number < NUMBERS;
  return fits ? device * NUMBERS + number : null;
}

/** The key of `device-number`; null when the text is not one. */
export function parseRecordId(text: string): number | null {
  const match = PATTERN.exec(text);
  return match === null ? null : recordKey(Number(match[1]), Number(match[2]));
}

/** `device-number` of a key. */
export function formatRecordId(key: number): string {
  return `${Math.floor(key / NUMBERS)}-${key % NUMBERS}`;
}

/** Decimal text of a double as Python writes it: the exact value, rounded half to even. */
const ENOUGH = 40;

/** `value` with so many decimal places. */
export function fixed(value: number, places: number): string {
  const size = Math.abs(value);
  if (size >= 1e21) return `${value < 0 ? "-" : ""}${BigInt(size)}${places > 0 ? `.${"0".repeat(places)}` : ""}`;
  const exact = size.toFixed(places + ENOUGH);
  const cut = exact.length - ENOUGH;
  const head = exact.slice(0, cut).replace(/\.$/, "");
  const isTie = /^50*$/.test(exact.slice(cut));
  const isEven = "02468".includes(head.at(-1) ?? "0");
  return `${value < 0 ? "-" : ""}${isTie && isEven ? head : size.toFixed(places)}`;
}

/** `value` rounded to so many places. */
export function rounded(value: number, places: number): number {
  return Number(fixed(value, places));
}

/** Decimal places written: 8.25 has 2, 8 none. */
export function placesOf(value: number): number {
  const [digits = "", exponent = "0"] = String(value).split("e");
  const written = digits.split(".")[1]?.length ?? 0;
  return Math.max(0, written - Number(exponent));
}

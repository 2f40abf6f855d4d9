/** A problem as every part of Siklus reports it: what, where, what was found, what was expected, what to do next. */
export interface Problem {
  readonly code: string;
  readonly where: string;
  readonly found: string;
  readonly expected: string;
  readonly todo: string;
}

/** One line for a reader, the same as Python writes. */
export function problemText({ code, where, found, expected, todo }: Problem): string {
  let text = where ? `${where}: ${found}` : found;
  if (expected) text += text.endsWith(".") ? ` ${expected}` : `; ${expected}`;
  if (todo) text += ` ${todo}`;
  return `${code} ${text}`;
}

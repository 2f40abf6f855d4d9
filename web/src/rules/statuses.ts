/** The words of a status and their one order, the twin of `desk/statuses.py`: lists, sums and menus all follow it. */
export const STATUS_WORDS = {
  overdue: "Terlambat",
  due: "Waktunya",
  unknown: "Belum diketahui",
  refused: "Menolak",
  missed: "Lewat batas",
  not_yet: "Belum waktunya",
  not_applicable: "Tidak perlu",
  done: "Sudah",
} as const;

export type Status = keyof typeof STATUS_WORDS;

const ORDER = Object.keys(STATUS_WORDS);

/** What still asks for somebody's hands. */
export const OPEN: readonly Status[] = ["overdue", "due", "unknown", "refused"];

/** The word of a status; a status of a newer rule book is shown as it is written, never as something it is not. */
export function statusWord(status: string): string {
  return isStatus(status) ? STATUS_WORDS[status] : status;
}

/** By the order in which a reader has to act; a status nobody knows comes first, so that somebody sees it. */
export function byUrgency(a: { readonly status: string }, b: { readonly status: string }): number {
  return ORDER.indexOf(a.status) - ORDER.indexOf(b.status);
}

function isStatus(status: string): status is Status {
  return status in STATUS_WORDS;
}

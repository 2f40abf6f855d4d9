/** What a phone does about an answer of the server, by its status and what it says. Nothing is forgotten but by a wipe. */
import type { Json } from "./wire.ts";

/**
 * `take` what came; `later` try again; `smaller` batches; `enrol` anew; `update` the app; `stop` until the puskesmas lets
 * it go on; `wipe` everything. `shows` are the server's own words, empty when it had none.
 */
export interface Verdict {
  readonly does: "take" | "later" | "smaller" | "enrol" | "update" | "stop" | "wipe";
  readonly shows: string;
}

const BY_ERROR: Readonly<Record<string, Verdict["does"]>> = {
  "400 body": "smaller",
  "401 token": "enrol",
  "403 code": "enrol",
  "403 state": "stop",
  "410 wipe": "wipe",
  "413 large": "smaller",
  "426 protocol": "update",
};
const GOOD = new Set([200, 206, 304]);

/** `status` is 0 where no answer came; `body` null where it was no JSON. */
export function verdict(status: number, body: Json): Verdict {
  if (GOOD.has(status)) return { does: "take", shows: "" };
  const told = typeof body === "object" && body !== null ? (body as Readonly<Record<string, Json>>) : {};
  const [error, words] = [told["error"], told["words"]];
  return {
    does: (typeof error === "string" ? BY_ERROR[`${status} ${error}`] : undefined) ?? "later",
    shows: typeof words === "string" ? words : "",
  };
}

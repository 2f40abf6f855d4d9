// A phone that holds nothing: each line of the input is one first sync, the answer says how it went.
//   {"how": "pouch", "port": 1, "batch": 100}  or  {"how": "siklus", "port": 1, "authorization": "Siklus 1.secret"}
// Both keep what comes in memdown, the store in memory under PouchDB's memory adapter.
import { createHash } from "node:crypto";
import http from "node:http";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { gunzipSync } from "node:zlib";
import { Pouch } from "./pouch.mjs";

const load = createRequire(import.meta.url);
const levelup = load("levelup");
const memdown = load("memdown");
const MOST_TRIES = 200;

async function pouch({ port, batch }) {
  const mine = new Pouch(`mine-${performance.now()}`, { adapter: "memory" });
  await mine.replicate.from(`http://127.0.0.1:${port}/area`, { batch_size: batch });
  return { ids: async () => (await mine.allDocs()).rows.map((row) => row.id), end: () => mine.destroy() };
}

/** What came of one request, whole or not. */
function ask(port, path, headers) {
  return new Promise((resolve) => {
    const came = { status: 0, headers: {}, parts: [], isWhole: false };
    const request = http.get({ host: "127.0.0.1", port, path, headers, agent: false }, (answer) => {
      Object.assign(came, { status: answer.statusCode, headers: answer.headers });
      answer.on("data", (part) => came.parts.push(part));
      answer.on("error", () => resolve(came));
      answer.on("end", () => resolve({ ...came, isWhole: answer.complete }));
    });
    request.on("error", () => resolve(came));
  });
}

/** The whole body of an address; after a cut it goes on where it was cut. */
async function whole(port, path, headers, told) {
  let parts = [];
  let tag = "";
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const more = tag && size ? { range: `bytes=${size}-`, "if-range": tag } : {};
    const came = await ask(port, path, { ...headers, ...more });
    if (came.status === 200) {
      told.again += size;
      parts = [];
    }
    tag = came.headers.etag ?? tag;
    parts.push(...came.parts);
    if (came.isWhole && (came.status === 200 || came.status === 206)) return Buffer.concat(parts);
    if (came.status === 416) return Buffer.concat(parts);
    if (came.status >= 400) throw new Error(`${path}: ${came.status}`);
    told.cuts += 1;
  }
  throw new Error(`${path}: cut ${MOST_TRIES} times`);
}

async function siklus({ port, authorization }) {
  const told = { cuts: 0, again: 0 };
  const headers = { authorization, "siklus-protocol": "1", "accept-encoding": "gzip" };
  const get = async (path) => {
    const body = await whole(port, path, headers, told);
    return body[0] === 0x1f ? gunzipSync(body).toString() : body.toString();
  };
  const begin = JSON.parse(await get("/api/sync/pull"));
  const [head, ...lines] = (await get(begin.snapshot)).trimEnd().split("\n");
  const store = levelup(memdown());
  await store.batch(lines.map((line) => kept(JSON.parse(line), line)));
  let { cursor } = JSON.parse(head);
  for (let more = true; more; ) {
    const page = JSON.parse(await get(`/api/sync/pull?after=${cursor}`));
    await store.batch(page.records.map((record) => kept(record, JSON.stringify(record))));
    ({ cursor, more } = page);
  }
  const ids = () =>
    new Promise((resolve) => {
      const found = [];
      store.createKeyStream().on("data", (key) => found.push(String(key).split(" ")[1])).on("end", () => resolve(found));
    });
  return { ids, end: () => store.close(), told };
}

/** A record stands under whom it is about, so that a person is read, or forgotten, in one run of keys. */
function kept(record, line) {
  return { type: "put", key: `${record.person ?? record.household ?? "-"} ${record.id}`, value: line };
}

const ways = { pouch, siklus };
for await (const line of createInterface({ input: process.stdin })) {
  const wanted = JSON.parse(line);
  const before = process.cpuUsage();
  const began = performance.now();
  const done = await ways[wanted.how](wanted);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  const ids = await done.ids();
  const digest = createHash("sha256").update(ids.sort().join("\n")).digest("hex");
  console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, records: ids.length, digest, ...done.told }));
  await done.end();
}

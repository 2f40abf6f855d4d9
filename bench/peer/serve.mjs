// A PouchDB server in memory that holds the records of a file, one a line: `node serve.mjs RECORDS gzip|plain`.
// Says its port when everything is in. As it comes it packs its answers by gzip; `plain` is how CouchDB itself answers.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import express from "express";
import { Pouch } from "./pouch.mjs";

const [file, packing] = process.argv.slice(2);
const AT_ONCE = 1000;
const serves = createRequire(import.meta.url)("express-pouchdb");
const Here = Pouch.defaults({ adapter: "memory" });
const settings = { inMemoryConfig: true, logPath: "/dev/null", mode: "minimumForPouchDB" };
if (packing === "plain") settings.overrideMode = { exclude: ["compression"] };
const area = new Here("area");
const documents = readFileSync(file, "utf8").trimEnd().split("\n").map((line) => {
  const { id, ...rest } = JSON.parse(line);
  return { _id: id, ...rest };
});
for (let at = 0; at < documents.length; at += AT_ONCE) await area.bulkDocs(documents.slice(at, at + AT_ONCE));
const server = express().use("/", serves(Here, settings)).listen(0, "127.0.0.1", () => console.log(server.address().port));

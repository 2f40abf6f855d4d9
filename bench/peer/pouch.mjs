// PouchDB with what a first sync needs: memory, HTTP, replication.
import { createRequire } from "node:module";

const load = createRequire(import.meta.url);
const parts = ["pouchdb-adapter-memory", "pouchdb-adapter-http", "pouchdb-replication", "pouchdb-mapreduce"];
export const Pouch = parts.reduce((pouch, part) => pouch.plugin(load(part)), load("pouchdb-core"));

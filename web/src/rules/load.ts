/**
 * The rule book of today: the manifest says which files are current, and those may be kept for ever. Loading is
 * `import()` of a file of our own origin; no text ever becomes code here.
 */
import type { RulesModule } from "./module.ts";
import type { ReasonWords } from "./reason-words.ts";
import type { Teller } from "./reasons.ts";
import type { Knowledge } from "./vocabulary.ts";

export const BOOK_ADDRESS = "/aturan/";

export interface Manifest {
  readonly rulebook: string;
  readonly module: string;
  readonly types: string;
  readonly knowledge: string;
  readonly reasons: string;
  /** The tables of growth; absent in a book without them. */
  readonly growth?: string;
  /** All versions of all forms, and the module with their conditions; absent in a book that stands in no folder. */
  readonly forms?: string;
  readonly conditions?: string;
}

export interface RuleBook {
  readonly module: RulesModule;
  readonly knowledge: Knowledge;
  /** Fetches the tables of growth, once; to be awaited before the first child is judged. */
  loadGrowth(): Promise<void>;
  /** Fetches the words of reasons, once; to be awaited before the first `reason` is told. */
  loadReasons(): Promise<Teller>;
}

/** How files are reached; a page gives nothing, a test its own. */
export interface Reach {
  json(address: string): Promise<unknown>;
  module(address: string): Promise<object>;
}

const OVER_THE_WEB: Reach = {
  async json(address) {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    return (await response.json()) as unknown;
  },
  module: (address) => import(/* @vite-ignore */ address) as Promise<object>,
};

/** Fails when the files do not belong to one book: half of an update is no rule book. */
export async function loadRuleBook(base: string = BOOK_ADDRESS, reach: Reach = OVER_THE_WEB): Promise<RuleBook> {
  const manifest = (await reach.json(`${base}manifest.json`)) as Manifest;
  const [module, knowledge] = await Promise.all([
    reach.module(`${base}${manifest.module}`) as Promise<RulesModule>,
    reach.json(`${base}${manifest.knowledge}`) as Promise<Knowledge>,
  ]);
  for (const found of [module, knowledge]) sameBook(found, manifest);
  let growth: Promise<void> | undefined;
  let reasons: Promise<Teller> | undefined;
  const fetchGrowth = async (): Promise<void> => {
    if (manifest.growth !== undefined) module.useGrowth(await reach.module(`${base}${manifest.growth}`));
  };
  const fetchReasons = async (): Promise<Teller> => {
    const words = (await reach.json(`${base}${manifest.reasons}`)) as ReasonWords;
    sameBook(words, manifest);
    return { module, words, vocabulary: knowledge.vocabulary };
  };
  return {
    module,
    knowledge,
    loadGrowth: () => (growth ??= fetchGrowth()),
    loadReasons: () => (reasons ??= fetchReasons()),
  };
}

function sameBook({ rulebook }: { readonly rulebook: string }, manifest: Manifest): void {
  if (rulebook !== manifest.rulebook) throw new Error(`rule book ${rulebook} where ${manifest.rulebook} was named`);
}

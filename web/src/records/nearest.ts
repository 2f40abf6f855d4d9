/**
 * The nearest known word, by the measure of Python's difflib (Ratcliff and Obershelp): twice the letters that stand in
 * common blocks, over all letters. Both languages must guess alike.
 */
const POPULAR_FROM = 200;
const GUESS = 0.6;

/** `Maksudnya 'x'?` for the nearest known word, else nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const near = nearest(word, known, GUESS);
  return near === null ? "" : `Maksudnya '${near}'?`;
}

/** The word most like this one, at least so much; of equals the one that sorts last. */
export function nearest(word: string, known: Iterable<string>, atLeast: number): string | null {
  const letters = Array.from(word);
  const places = placesByLetter(letters);
  let best: string | null = null;
  let bestRatio = atLeast;
  for (const candidate of known) {
    const ratio = likeness(Array.from(candidate), letters, places);
    if (ratio > bestRatio || (ratio === bestRatio && (best === null || candidate > best))) {
      best = candidate;
      bestRatio = ratio;
    }
  }
  return best;
}

type Places = ReadonlyMap<string, readonly number[]>;

/** Where each letter stands; in very long words those that stand everywhere are left out. */
function placesByLetter(letters: readonly string[]): Places {
  const places = new Map<string, number[]>();
  letters.forEach((letter, place) => {
    const listed = places.get(letter);
    if (listed === undefined) places.set(letter, [place]);
    else listed.push(place);
  });
  if (letters.length >= POPULAR_FROM) {
    const often = Math.floor(letters.length / 100) + 1;
    for (const [letter, listed] of places) if (listed.length > often) places.delete(letter);
  }
  return places;
}

function likeness(a: readonly string[], b: readonly string[], places: Places): number {
  const all = a.length + b.length;
  return all === 0 ? 1 : (2 * matching(a, b, places)) / all;
}

/** Letters in common blocks: the longest block, then what stands before it and behind it. */
function matching(a: readonly string[], b: readonly string[], places: Places): number {
  let found = 0;
  const open: [number, number, number, number][] = [[0, a.length, 0, b.length]];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const [fromA, toA, fromB, toB] = part;
    const [i, j, size] = longest(a, b, places, part);
    if (size === 0) continue;
    found += size;
    open.push([fromA, i, fromB, j], [i + size, toA, j + size, toB]);
  }
  return found;
}

/** [start in a, start in b, length] of the longest common block: of equals the first in a, then in b. */
function longest(
  a: readonly string[],
  b: readonly string[],
  places: Places,
  [fromA, toA, fromB, toB]: readonly [number, number, number, number],
): [number, number, number] {
  let [bestA, bestB, size] = [fromA, fromB, 0];
  let before = new Map<number, number>();
  for (let i = fromA; i < toA; i++) {
    const here = new Map<number, number>();
    for (const j of places.get(a[i] ?? "") ?? []) {
      if (j < fromB) continue;
      if (j >= toB) break;
      const length = (before.get(j - 1) ?? 0) + 1;
      here.set(j, length);
      if (length > size) [bestA, bestB, size] = [i - length + 1, j - length + 1, length];
    }
    before = here;
  }
  while (bestA > fromA && bestB > fromB && a[bestA - 1] === b[bestB - 1]) {
    [bestA, bestB, size] = [bestA - 1, bestB - 1, size + 1];
  }
  while (bestA + size < toA && bestB + size < toB && a[bestA + size] === b[bestB + size]) size++;
  return [bestA, bestB, size];
}

// What a symmetry network has learnt: see what_was_learnt in labs/symmetry/lab.py. What it measures is explained in
// bpcore/tasks/symmetry_measures.py and bpcore/analysis/solution_families.py.

import { fixed, grouped } from "./numbers.js";
import { rightOf } from "./right.js";

const FAMILIES = [0, 1, 1, 2, 14, 516]; // of sizes, for so many mirror pairs

export function symmetryWords({ run, task, answers }, sweep, w) {
  const output = answers(task.cases), [{ y, d }] = output, right = rightOf(output, task), n = y.length;
  const on = [...y].filter((_, c) => d[c] === 1);
  const slope = on.reduce((sum, state) => sum + state * (1 - state), 0) / on.length;
  const found = structureOf(run.network, w), waits = y.every((state) => state < 0.5) && slope < 0.02;
  return [
    mirror(found.mirrorError), sizes(found, right === n), twins(found), rightWords(right, n, sweep, run.solvedAt),
    ...(waits ? [waiting(slope, plateau(run.network.size("input")))] : []),
  ];
}

// E of a network that says “no” to everything.
export const plateau = (width) => 2 ** Math.floor(width / 2) / 2;

// How far the hidden units have the structure of Fig. 1.
function structureOf(network, w) {
  const { at, to: hidden, from } = network.between("input", "hidden"), half = Math.floor(from / 2);
  const units = Array.from({ length: hidden }, (_, j) => w.slice(at + j * from, at + (j + 1) * from));
  const largest = units.map((unit) => Math.max(1e-300, ...unit.map(Math.abs)));
  const pairs = units.map((unit) => Array.from({ length: half }, (_, i) => [unit[i], unit[from - 1 - i]]));
  const most = (numbers) => numbers.reduce((high, value) => (value > high ? value : high), 0);
  const ratios = pairs.map((unit) => {
    const size = unit.map(([a, b]) => (Math.abs(a) + Math.abs(b)) / 2).sort((a, b) => a - b);
    return size.map((value) => value / Math.max(size[0], 1e-300));
  });
  const away = (expected) => most(ratios.flatMap((unit) => unit.map((value, i) => Math.abs(value / expected[i] - 1))));
  return {
    hidden, pairs: half, ratios,
    mirrorError: most(pairs.map((unit, j) => most(unit.map(([a, b]) => Math.abs(a + b))) / largest[j])),
    ratioError: away(Array.from({ length: half }, (_, i) => 2 ** i)),
    otherRatioError: half === 3 ? away([1, 1.5, 2]) : NaN,
    twinError: hidden === 2 ? most([...units[0]].map((value, i) => Math.abs(value + units[1][i]))) / largest[0] : NaN,
  };
}

function mirror(error) {
  if (error < 0.05) return ["\u2713", "mirror weights equal and opposite"];
  return ["\u00b7", `mirror weights are ${error > 1 ? "far from" : "not yet"} opposite${percent(error)}`];
}

function sizes({ ratios, pairs, mirrorError, ratioError, otherRatioError }, isSolved) {
  if (otherRatioError < 0.05) return ["\u2713", "sizes 2 : 3 : 4, the other way to tell all patterns apart", "02.4"];
  const first = ratios[0].map((ratio) => (ratio < 99 ? fixed(ratio, 1) : "\u221e")).join(" : ");
  const said = `sizes ${first.replace("1.0 :", "1 :")}`;
  if (pairs === 3 && ratioError < 0.05) return ["\u2713", said];
  const families = isSolved && mirrorError < 0.05 ? [...new Set(ratios.map(familyOf))] : [];
  if (families.length === 1 && families[0]) {
    const oneOf = FAMILIES[pairs] === 1 ? "the only one" : `one of ${FAMILIES[pairs]}`;
    const asked = families[0] === "2 : 3 : 4" ? ["02.4"] : pairs === 4 ? ["02.8"] : [];
    return ["\u2713", `${said}, of the family ${families[0]}, ${oneOf}`, ...asked];
  }
  return ["\u00b7", `${said}, not yet ${pairs === 3 ? "1 : 2 : 4" : "of one family"}`];
}

function twins({ hidden, twinError }) {
  if (hidden !== 2) return ["\u00b7", `${hidden} hidden unit${hidden > 1 ? "s" : ""}: twins take two`];
  if (twinError < 0.05) return ["\u2713", "the hidden units are twins of opposite sign"];
  return ["\u00b7", `the hidden units are not twins yet${percent(twinError)}`];
}

function rightWords(right, n, sweep, solvedAt) {
  if (right < n) return ["\u00b7", `${right} of ${n} right`];
  const since = solvedAt >= 0 && solvedAt <= sweep ? solvedAt : sweep;
  return ["\u2713", `${n} of ${n} right, first at sweep ${grouped(since)}`];
}

function waiting(slope, E) {
  const share = slope >= 0.0001 ? fixed(slope, 4).replace(/^0+/, "") : "less than .0001";
  const why = `y(1 \u2212 y) is ${share} where it should say \u201cyes\u201d, and by (5) only that share of the error`;
  const sentence = `waiting on the plateau E = ${E}, always \u201cno\u201d: ${why} comes back`;
  return ["\u00b7", sentence, "02.2", "02.3"];
}

const percent = (error) => (error <= 1 ? `, ${fixed(100 * error, 0)} % off` : "");

// ---- families of sizes

const known = new Map();

// The family of sizes in rising order, by its smallest member in whole numbers, as "1 : 2 : 4"; null if two subsets of
// the sizes have the same sum. Sizes that put the sums of their subsets in the same order are of one family.
export function familyOf(sizes) {
  const sums = subsetSums(sizes), order = [...sums.keys()].sort((a, b) => sums[a] - sums[b]), key = order.join();
  if (order.some((k, i) => i && sums[k] - sums[order[i - 1]] <= 1e-9 * sums.at(-1))) return null;
  if (!known.has(key)) known.set(key, smallestMember(sizes.length, order));
  return known.get(key);
}

const subsetSums = (sizes) => Array.from({ length: 2 ** sizes.length }, (_, subset) => (
  sizes.reduce((sum, size, k) => sum + size * ((subset >> k) & 1), 0)
));

function smallestMember(pairs, order) {
  const rises = (sizes) => {
    let before = 0;
    for (let i = 1; i < order.length; i++) {
      let sum = 0;
      for (let k = 0; k < pairs; k++) if ((order[i] >> k) & 1) sum += sizes[k];
      if (sum <= before) return false;
      before = sum;
    }
    return true;
  };
  for (let largest = pairs; largest <= 2 ** pairs; largest++) {
    const sizes = Array.from({ length: pairs - 1 }, (_, k) => k + 1);
    do { // every rising choice below the largest, in order
      if (rises([...sizes, largest])) return [...sizes, largest].join(" : ");
    } while (next(sizes, largest));
  }
  return null;
}

function next(sizes, end) {
  for (let k = sizes.length - 1; k >= 0; k--) {
    if (sizes[k] + sizes.length - k >= end) continue;
    sizes[k]++;
    for (let j = k + 1; j < sizes.length; j++) sizes[j] = sizes[j - 1] + 1;
    return true;
  }
  return false;
}

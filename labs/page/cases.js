// Cases as bpcore's Cases.to_dict describes them, of which some are held out: the same ones as in Python.

import { rint } from "./numbers.js";
import { Generator } from "./random.js";
import { whole } from "./recipe.js";

const SPLIT_SEED = 1986;

const casesIn = ({ inputs }) => Object.values(inputs)[0].length;

// Only the cases at these places.
function some({ inputs, desired, names = [] }, places) {
  const rows = (tables) => Object.fromEntries(Object.entries(tables).map(([name, all]) => (
    [name, places.map((k) => all[k])]
  )));
  return { inputs: rows(inputs), desired: rows(desired), names: names.length ? places.map((k) => names[k]) : [] };
}

// Hold out some of the cases: so many, drawn from a seed, or by name. [trained, held out]; null if none is.
export function holdOut(cases, which, seed = 0) {
  const n = casesIn(cases), held = Array.isArray(which) ? named(cases, which) : drawn(n, which, seed);
  const places = [...held.keys()], out = places.filter((k) => held[k]);
  if (out.length === n) throw new Error(`all ${n} cases are held out; at least one to learn is expected`);
  return [some(cases, places.filter((k) => !held[k])), out.length ? some(cases, out) : null];
}

// Hold out a share of the cases, the same ones every time.
export function split(cases, share) {
  const n = casesIn(cases);
  return holdOut(cases, Math.min(rint(share * n), n - 1), SPLIT_SEED);
}

function drawn(n, many, seed) {
  whole(many, "the number of held-out cases", 0, n - 1);
  const held = Array(n).fill(false);
  for (const k of new Generator(seed).permutation(n).slice(0, many)) held[k] = true;
  return held;
}

function named({ names }, which) {
  const unknown = which.find((name) => !names.includes(name));
  if (unknown === undefined) return names.map((name) => which.includes(name));
  throw new Error(`there is no case '${unknown}' to hold out; one such as '${names[0]}' is expected`);
}

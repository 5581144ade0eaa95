// What a family-tree network has learnt: see labs/family_trees/words.py. What it measures is explained in
// bpcore/tasks/family_measures.py. The scene says which people, families and features there are.

import { fixed } from "./numbers.js";
import { rightOf, strongestOf } from "./right.js";

const STRONGEST = "if the most active person counts as the answer";

export function treesWords({ run, task, scene, answers }, sweep, w) {
  const trained = answers(task.cases), right = rightOf(trained, task), held = task.held_out && answers(task.held_out);
  const units = unitsOf(run.network, w), spread = right ? 1 : mean(trained.map(({ y }) => deviation(y)));
  const features = Object.entries(scene.features).filter(([, labels]) => new Set(labels).size > 1);
  return [
    count(right, trained[0].y.length, "trained facts right"),
    ...(held ? [heldWords(rightOf(held, task), strongestOf(held), held[0].y.length)] : []),
    ...features.map(([name, labels]) => bestUnit(name, units.map((weights) => shareBetween(weights, labels)))),
    ...(scene.alike ? [alikeWords(units, scene.families)] : []),
    ...(sweep >= 100 && spread < 0.01 ? [stuck(spread)] : []),
  ];
}

// What each unit codes, and what is held out; lines of the digest.
export function treesCaptions({ run, task, scene }, w) {
  const captions = unitsOf(run.network, w).map((weights, k) => `unit ${k + 1}: ${caption(weights, scene.features)}`);
  return [...captions, `held out: ${task.held_out ? task.held_out.names.join(", ") : "nothing"}`];
}

function count(right, of, what) {
  return [right === of ? "\u2713" : "\u00b7", `${right} of ${of} ${what}`];
}

function heldWords(right, strongest, of) {
  const [mark, sentence] = count(right, of, `fact${of > 1 ? "s" : ""} it never saw`);
  return [mark, strongest <= right ? sentence : `${sentence}; ${strongest} ${STRONGEST}`];
}

function bestUnit(feature, shares) {
  const best = shares.indexOf(Math.max(...shares)), share = shares[best];
  const sentence = `unit ${best + 1} tells ${feature}: ${fixed(100 * share, 0)} %`;
  const asked = feature === "nationality" && share >= 0.4 ? ["04.5"] : [];
  return [share >= 0.7 ? "\u2713" : "\u00b7", sentence, ...asked];
}

function alikeWords(units, [one, other]) {
  const many = one.people.length, isAlike = units.map((weights) => (
    correlation(weights.slice(0, many), weights.slice(many, 2 * many)) > 0.8
  ));
  const alike = [...isAlike.keys()].filter((k) => isAlike[k]), said = alike.map((k) => k + 1).join(", ") || "no unit";
  return [2 * alike.length >= units.length ? "\u2713" : "\u00b7", `${one.name} \u2248 ${other.name} in ${said}`];
}

function stuck(spread) {
  const differ = spread >= 0.0001 ? `by ${fixed(spread, 4)}` : "by less than .0001";
  const why = `from question to question it differs ${differ}, and weights that carry nothing decay`;
  return ["\u2717", `on a plateau: whatever is asked, the answer is the same; ${why}`];
}

function caption(weights, features) {
  const shares = Object.entries(features).map(([name, labels]) => [name, shareBetween(weights, labels)]);
  const [[best, share], [second, next]] = shares.toSorted((a, b) => b[1] - a[1]);
  const percent = (value) => `${fixed(100 * value, 0)} %`;
  if (share < 0.4) return `no single feature: ${shares.map(([name, one]) => `${name} ${percent(one)}`).join(", ")}`;
  const labels = features[best], words = [...new Set(labels)];
  const means = words.map((word) => mean(weights.filter((_, i) => labels[i] === word)));
  const middle = (Math.max(...means) + Math.min(...means)) / 2;
  const those = (isHigh) => words.filter((_, k) => (means[k] > middle) === isHigh).join(" and ");
  const also = next >= 0.25 ? `; also ${second} (${percent(next)})` : "";
  return `${best} (${percent(share)}): high for ${those(true)}, low for ${those(false)}${also}`;
}

// ---- measures

// The weights from all people to each unit that represents them.
function unitsOf(network, w) {
  const { at, to, from } = network.between("person", "person code");
  return Array.from({ length: to }, (_, j) => Array.from(w.slice(at + j * from, at + (j + 1) * from)));
}

const sum = (numbers) => numbers.reduce((all, value) => all + value, 0);
const mean = (numbers) => sum(numbers) / numbers.length;

function deviation(numbers) {
  const middle = mean(numbers);
  return Math.sqrt(mean(numbers.map((value) => (value - middle) ** 2)));
}

// Distances from the mean, as parts of the largest weight.
function centred(weights) {
  const largest = Math.max(1e-300, ...weights.map(Math.abs)), parts = weights.map((value) => value / largest);
  const middle = mean(parts);
  return parts.map((value) => value - middle);
}

const ratio = (part, whole) => (whole > 1e-300 ? part / whole : 0);

// The share of the variance that is between people of different labels.
function shareBetween(weights, labels) {
  const parts = centred(weights), words = [...new Set(labels)];
  const groups = words.map((word) => parts.filter((_, i) => labels[i] === word));
  const between = sum(groups.map((group) => group.length * mean(group) ** 2));
  return ratio(between, sum(parts.map((value) => value ** 2)));
}

function correlation(one, other) {
  const [a, b] = [centred(one), centred(other)], dot = (p, q) => sum(p.map((value, i) => value * q[i]));
  return ratio(dot(a, b), Math.sqrt(dot(a, a) * dot(b, b)));
}

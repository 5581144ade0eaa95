// What a network has learnt, in words. The sentences are those of the labs in Python; tests/words.json has cases that
// both are held to.

import { Net } from "../kit/stage/passes.js";
import { networkOf } from "./network.js";
import { fixed, general, grouped } from "./numbers.js";
import { rightOf } from "./right.js";
import { where } from "./where.js";
import { symmetryWords } from "./words_symmetry.js";
import { treesCaptions, treesWords } from "./words_trees.js";

const SPREAD = "evenly spread; E and counts are for all";

// Sentences about the weights `w` after `sweep` sweeps, each [mark, sentence, ...exercises that ask for it]. The marks
// say that it holds, does not yet hold, or is stuck. session: { run, task, scene, settings }.
export function say(session, sweep, w) {
  const words = { symmetry: symmetryWords, trees: treesWords, race: raceWords }[session.scene.kind] ?? netWords;
  return words({ ...session, answers: (cases) => answersOf(session.task, w, cases) }, sweep, w);
}

// What the lab shows, in words.
export function digestOf(session, title, shape) {
  const { run, task, scene } = session, E = run.E[run.sweeps * run.runs];
  const first = `${title} ${shape}: sweep ${grouped(run.sweeps)}, E = ${Number.isNaN(E) ? "nan" : fixed(E, 3)}`;
  const said = say(session, run.sweeps, run.w).map(([mark, sentence]) => `${mark} ${sentence}`);
  const more = scene.kind === "trees" ? treesCaptions(session, run.w) : scene.standings ? [where(task, run.w).why] : [];
  return [first, ...said, ...more].join("\n");
}

// How many cases are right, and since when.
function netWords({ run, task, scene, answers }, sweep) {
  const right = rightOf(answers(task.cases), task), n = casesOf(task.cases), still = right === n, at = run.solvedAt;
  const since = `solved at sweep ${grouped(at)}`;
  const solved = still ? ["\u2713", since] : ["\u00b7", `was ${since}, and is not any more`];
  const { exercise, counts } = scene.asks_for_count ?? { counts: [] };
  return [
    ...(scene.all_cases ? tableWords({ task, answers }, right, n) : [
      [still ? "\u2713" : "\u00b7", `${right} of ${n} cases right`, ...(counts.includes(right) ? [exercise] : [])],
    ]),
    ...(at >= 0 && at <= sweep ? [solved] : []),
    ...(n > scene.names?.length ? [["\u00b7", `${scene.names.length} of them are drawn, ${SPREAD}`]] : []),
  ];
}

// In the workbench.
function tableWords({ task, answers }, right, n) {
  const within = task.right_within < 0.5 ? `, within ${general(task.right_within)}` : "";
  const counted = (some, of, what) => [some === of ? "\u2713" : "\u00b7", `${grouped(some)} of ${grouped(of)} ${what}`];
  const { held_out: held } = task;
  return [
    counted(right, n, `cases right${within}`),
    ...(held ? [counted(rightOf(answers(held), task), casesOf(held), "held out cases right")] : []),
  ];
}

// What became of each lane.
function raceWords({ run, settings }, sweep) {
  return settings.lanes.map(([epsilon, alpha], k) => {
    const name = `${k + 1}: \u03b5 ${general(epsilon)}, \u03b1 ${general(alpha)}`, at = run.solved[k];
    return at >= 0 && at <= sweep ? ["\u2713", `${name}, solved at ${grouped(at)}`] : ["\u00b7", name];
  });
}

// ---- what a network answers

const nets = new WeakMap();

const casesOf = (cases) => Object.values(cases.inputs)[0].length;

// Outputs and what they should be: one { y, d } for each unit, with the states of all cases.
function answersOf(task, w, cases) {
  if (!nets.has(cases)) nets.set(cases, netOf(task, cases));
  const { net, desired } = nets.get(cases), { y } = net.forward(w);
  return desired.map(({ name, j, d }) => ({ y: y[name][j], d }));
}

function netOf(task, { inputs, desired }) {
  const { groups, links } = networkOf(task);
  const units = Object.entries(desired).flatMap(([name, rows]) => (
    rows[0].map((_, j) => ({ name, j, d: Float64Array.from(rows, (row) => row[j]) }))
  ));
  return { net: new Net({ groups, links, inputs, desired }), desired: units };
}

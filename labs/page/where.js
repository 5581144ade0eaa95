// Where a run stands, and why: solved, on the way, or at one of four places that look alike on the error curve. See
// bpcore/analysis/diagnosis.py, which explains it, and bpcore/analysis/curvature.py for the second derivatives.

import { Net } from "../kit/stage/passes.js";
import { eigen } from "./eigen.js";
import { networkOf } from "./network.js";
import { general } from "./numbers.js";

const FLAT = 0.01, NEAR = 0.5, CLOSER = [0.5, 1e-6], CURVED = [1e-7, 1e-12], PASSED_ON = 0.05, STEP = 1e-5;

const SLOPE = {
  logistic: { of: (y) => y * (1 - y), most: 0.25 },
  tanh: { of: (y) => 1 - y * y, most: 1 },
  linear: { of: () => 1, most: 1 },
  softplus: { of: (y) => 1 - Math.exp(-y), most: 1 / (1 + Math.exp(-10)) },
};

// { name, why } of the weights w.
export function where(task, w) {
  const net = netOf(task), dE = net.gradient(w), H = hessian(net, w), { values, step } = newton(H, dE);
  const found = {
    ...answersOf(net, task, w), gradient: length(dE), least: Math.min(...values), most: Math.max(...values),
    away: length(step), left: NaN,
  };
  if (found.away < NEAR) {
    const there = Float64Array.from(w, (value, k) => value + step[k]);
    found.left = length(newton(hessian(net, there), net.gradient(there)).step);
  }
  const name = nameOf(found);
  return { name, why: `${name}: ${WHY[name](found)}` };
}

const nets = new WeakMap();

// The net of a task, with its tolerance.
export function netOf(task) {
  const { cases: { inputs, desired }, recipe: { tolerance } } = task, { groups, links } = networkOf(task);
  if (!nets.has(task)) nets.set(task, new Net({ groups, links, inputs, desired, tolerance }));
  return nets.get(task);
}

function nameOf({ wrong, gradient, passedOn, least, most, away, left }) {
  if (!wrong) return "solved";
  if (gradient >= FLAT) return "on the way";
  const zero = Math.max(CURVED[0] * Math.max(most, -least), CURVED[1]);
  if (least > zero && away < NEAR && left < Math.max(CLOSER[0] * away, CLOSER[1])) return "true minimum";
  if (passedOn < PASSED_ON) return "saturation";
  return least < -zero && away < NEAR ? "saddle" : "plateau";
}

const short = (number) => general(number, 2).replaceAll("-", "\u2212");
const someWrong = ({ wrong, cases }) => `${wrong} of ${cases} cases wrong`;
const small = ({ gradient }) => `the gradient is small, ${short(gradient)}`;
const level = ({ away }) => (away < 1e6 ? `level ground is ${short(away)} away` : "there is no level ground near");
const E = (found) => `E = ${general(found.E, 3)}`;

const WHY = {
  solved: (found) => `all ${found.cases} cases right, ${E(found)}`,
  "on the way": (found) => `${someWrong(found)}, but the gradient is ${short(found.gradient)}`,
  "true minimum": (found) => `${small(found)}, ${level(found)}, and E curves upward in every direction, by `
    + `${short(found.least)} at least; ${E(found)}, ${someWrong(found)}`,
  saddle: (found) => `${small(found)}, ${level(found)}, but E curves downward in some direction, by `
    + `${short(found.least)}; ${E(found)}, ${someWrong(found)}`,
  saturation: (found) => `in the ${found.wrong} wrong cases the units of group '${found.group}' have slopes of `
    + `${short(found.slope)} on average, ${short(100 * found.passedOn)} % of what they can have, so ${small(found)}; `
    + E(found),
  plateau: (found) => `${small(found)}, no minimum and no saddle is near, and no group is saturated (slopes of `
    + `${short(found.slope)} in '${found.group}'); ${E(found)}, ${someWrong(found)}`,
};

// E, wrong cases, and the group that passes on the smallest share of the error: of wrong outputs, or in wrong cases.
function answersOf(net, task, w) {
  const { y } = net.forward(w), off = {}, isWrong = Array(net.cases).fill(false);
  for (const [name, rows] of Object.entries(net.desired)) {
    off[name] = y[name].map((states, j) => Array.from(states, (state, c) => (
      Math.abs(state - rows[c][j]) >= task.right_within
    )));
    for (const unit of off[name]) unit.forEach((far, c) => { isWrong[c] ||= far; });
  }
  const groups = net.upward.map(({ name, unit }) => {
    let sum = 0, n = 0;
    y[name].forEach((states, j) => states.forEach((state, c) => {
      if (!(off[name]?.[j] ?? isWrong)[c]) return;
      sum += SLOPE[unit].of(state);
      n += 1;
    }));
    const slope = sum / Math.max(n, 1);
    return { group: name, slope, passedOn: slope / SLOPE[unit].most };
  });
  const least = groups.reduce((one, other) => (other.passedOn < one.passedOn ? other : one));
  return { ...least, E: net.error(w), wrong: isWrong.filter(Boolean).length, cases: net.cases };
}

// All second derivatives of E, from differences of the gradient; rows.
function hessian(net, w) {
  const moved = (k, by) => net.gradient(Float64Array.from(w, (value, i) => (i === k ? value + by : value)));
  const rows = Array.from(w, (_, k) => {
    const behind = moved(k, -STEP);
    return Float64Array.from(moved(k, STEP), (value, i) => (value - behind[i]) / (2 * STEP));
  });
  return rows.map((row, k) => row.map((value, i) => (value + rows[i][k]) / 2));
}

// The curvatures, and the step to where the gradient would be 0 if E were as curved everywhere as here; the shortest,
// if several would do.
function newton(H, dE) {
  const { values, vectors } = eigen(H), step = new Float64Array(dE.length);
  const zero = Math.max(1e-13 * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0), 1e-200);
  values.forEach((curvature, k) => {
    if (Math.abs(curvature) <= zero) return;
    const along = vectors[k].reduce((sum, value, i) => sum + value * dE[i], 0) / curvature;
    vectors[k].forEach((value, i) => { step[i] -= along * value; });
  });
  return { values, step };
}

const length = (numbers) => Math.sqrt(numbers.reduce((sum, value) => sum + value ** 2, 0));

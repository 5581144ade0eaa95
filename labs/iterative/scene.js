// The iterative-nets lab's canvas: one question run forward through time and its error backward through time (Fig. 5)
// in the first column; the weights of one step, the places of one of them, and the error in the second.

import { curvePanel } from "../kit/stage/curve.js";
import { drawMatrix, matrixOf } from "../kit/stage/hinton.js";
import { byStep, unrolled } from "../kit/stage/passes.js";
import { FIELD, largestOf, number } from "../kit/stage/pen.js";
import { addScene } from "../kit/stage/scenes.js";
import { drawAnswer } from "./answer.js";
import { drawPictures, pictureHeight } from "./picture.js";
import { choiceHeight, desiredStates, drawChoice, givenStates, present, presentLetter } from "./question.js";
import { drawSteps, stepsHeight } from "./steps.js";

// Steps that are shown: what comes after the trained ones is what an exercise asks for.
const watchOf = ({ scene, veiled }) => (veiled.includes(scene.asks_for_watch) ? scene.steps : scene.watch);
// Its links hold each weight once.
const netOfOneStep = ({ stepGroups: groups, stepLinks: links }) => ({ groups, links });

addScene("iterative", {
  editable: true,
  narrow: 600,
  split: 0.54,
  wordsRoom: 190,
  reach: "units, letters and weights; Enter chooses",

  columns(view, [first, second]) {
    const { scene } = view, matrix = matrixOf(netOfOneStep(scene), second, innerHeight < 900 ? 208 : 286);
    return [
      [
        { height: choiceHeight(scene), draw: (pen, box) => drawChoice(pen, box, view) },
        { height: stepsHeight(scene, first, view.watch, false), draw: (pen, box) => drawForward(pen, box, view) },
        { height: 44, draw: (pen, box) => drawAnswer(pen, box, view) },
        ...(scene.task === "search" ? [
          { height: pictureHeight(scene, first), draw: (pen, box) => drawPictures(pen, box, view) },
        ] : []),
        { height: stepsHeight(scene, first, scene.steps, true), draw: (pen, box) => drawBackward(pen, box, view) },
      ],
      [
        { height: matrix.height + 8, draw: (pen, box) => drawWeights(pen, box, view, matrix) },
        { height: 104, draw: (pen, box) => drawPlaces(pen, box, view) },
        curvePanel(view, 150),
      ],
    ];
  },

  net: netOfOneStep,
  begin(view) {
    const { scene } = view, isNew = view.task !== scene.task;
    if (isNew || view.presented?.length !== scene.presented.length) view.presented = [...scene.presented];
    if (isNew || !(view.kept < scene.weight_names.length)) {
      view.kept = scene.stepLinks.find((l) => l.source === l.target && l.from > 1).first + 1;
    }
    view.task = scene.task;
    view.wave ??= -1e9; // when it began to run through time
  },

  // What is presented runs forward, and its error back; `ends` are the two units of the chosen weight.
  prepare(view) {
    const { scene, moment } = view, { stepGroups: groups, stepLinks: links, before, tolerance, steps } = scene;
    const watch = view.watch = watchOf(view); // steps, the untrained ones included
    const given = givenStates(view), desired = view.desiredAt = desiredStates(view);
    const trained = (name, t) => (t <= steps ? desired(name, t) : null);
    const net = unrolled({ groups, links, before, tolerance }, watch, given, trained);
    const states = net.forward(moment.w);
    view.y = byStep(states.y, groups, watch);
    view.dE_dx = byStep(net.backward(moment.w, states).dE_dx, groups, steps);
    view.weight = view.litIndex("weight") ?? view.kept;
    view.ends = endsOf(links, view.weight);
    view.gradients = inEachPlace(view, view.ends);
    const sum = view.gradients.reduce((a, g) => a + g, 0);
    view.change = scene.tied === "sum" ? sum : sum / steps;
    const passed = (performance.now() - view.wave) / 80; // steps, there and back
    view.reached = passed > watch + steps + 2 ? null : passed;
    if (view.reached !== null) requestAnimationFrame(view.repaint);
  },

  onMessage(view, { type, presented }) { if (type === "present") present(view, presented, false); },
  onKey: presentLetter,

  selection: ({ presented, kept, scene }) => [scene.task, presented, kept],
  describe({ answered, kept, scene, moment }) {
    const answer = answered.replace(" \u2713", ", right").replace(" \u2717", ", wrong").replaceAll("\u2192", "to");
    return `the answer is ${answer}. The weight shown is ${scene.weight_names[kept]}, w = ${number(moment.w[kept], 3)}`;
  },
  dataset({ weight, gradients, scene, presented, answered, change }) {
    return {
      task: scene.task, presented: presented.join(" "), answered, weight: scene.weight_names[weight],
      places: gradients.map((g) => g.toPrecision(6)).join(" "), change: change.toPrecision(6),
    };
  },
});

// Weight number k: which unit it leads from and to.
function endsOf(links, k) {
  const { source, target, first, from } = links.find((l) => k >= l.first && k < l.first + l.to * l.from);
  return { source, target, j: Math.floor((k - first) / from), i: (k - first) % from };
}

// dE/dw of one weight in each of its places, (6): the link into step t comes from step t - 1.
function inEachPlace({ y, dE_dx }, { source, target, j, i }) {
  return dE_dx.slice(1).map((step, t) => step[target][j] * (source === "one" ? 1 : y[t][source][i]));
}

// ---- steps from left to right

function drawForward(pen, box, view) {
  const { y: values, desiredAt: desired } = view, reached = view.reached ?? Infinity;
  drawSteps(pen, box, view, "Forward through time", "area = activity, dot = should be on",
    { values, last: view.watch, desired, reached });
}

function drawBackward(pen, box, view) {
  const { scene, dE_dx: values } = view, isRight = values.every((step) => Object.values(step).flat().every((g) => !g));
  const reached = view.reached === null ? Infinity : view.reached - view.watch - 1;
  const every = "\u2202E/\u2202x of every unit: white +, black \u2212";
  const note = isRight ? "all is within .8/.2: no error goes back" : every;
  drawSteps(pen, box, view, "Backward through time", note, { values, last: scene.steps, back: true, reached });
}

// ---- the weights of one step

function drawWeights(pen, { x, y, w }, view, matrix) {
  const { scene, moment, weight, lit } = view;
  const note = `the same at every step; largest ${number(largestOf(moment.w), 1)}`;
  pen.title("The weights of one step", x, y + 8, note, x + w);
  drawMatrix(pen, { x, y }, matrix, moment.w, {
    kept: weight, lit,
    about: (k) => `${scene.weight_names[k]}: w = ${number(moment.w[k], 3)}; its places are below`,
    choose: (k) => { view.kept = k; },
  });
}

// One weight in all its places: dE/dw at each step, and what they make together.
function drawPlaces(pen, { x, y, w }, { scene, weight, gradients, change, moment }) {
  const quiet = { colour: pen.theme.quiet }, n = gradients.length, side = Math.min(34, (w - 10) / n);
  const largest = Math.max(1e-12, largestOf(gradients)), places = `${n} place${n > 1 ? "s" : ""}`;
  pen.title(`${scene.weight_names[weight]}, ${places}`, x, y + 8, `w = ${number(moment.w[weight], 3)}`, x + w);
  gradients.forEach((g, step) => {
    const px = x + step * side, words = `into step ${step + 1}: \u2202E/\u2202w = ${number(g, 5)}`;
    pen.rect(px, y + 22, side - 1, side - 1, FIELD);
    pen.square(g / largest, px + 1, y + 23, side - 3);
    if (side > 18) pen.text(String(step + 1), px + side / 2, y + 30 + side, { align: "center", size: 12, ...quiet });
    pen.spot({ kind: "place", index: step }, px, y + 22, side, side, () => words);
  });
  const how = scene.tied === "sum" ? "sum (1988)" : "average (the paper)";
  const text = `\u2202E/\u2202w at each step; ${how}: ${number(change, 5)}`;
  pen.text(text, x, y + 46 + side, { ...quiet, room: w });
}

// The symmetry lab's canvas: error, time and cases in the first column; network and weights in the second.

import { curvePanel } from "../kit/stage/curve.js";
import { drawHinton } from "../kit/stage/hinton.js";
import { aboutCurve, drawLogistic } from "../kit/stage/logistic.js";
import { FIELD, largestOf, number, subscript } from "../kit/stage/pen.js";
import { addScene } from "../kit/stage/scenes.js";
import { arcCells, drawArcs } from "./arcs.js";
import { aboutBalance, balanceHeight, drawBalance } from "./balance.js";
import { drawCases, sideOfCase } from "./cases.js";

const columnsOf = ({ net }) => Math.max(16, Math.min(64, net.cases / 8)); // of cases

addScene("symmetry", {
  editable: true,
  gap: 34,
  reach: "weights, cases, units and the balance",

  columns(view, [first, second]) {
    const hidden = view.net.groups[1].size, columns = columnsOf(view);
    const rows = Math.ceil(view.net.cases / columns);
    const weightsHeight = (hidden + 1) * (cellSide(hidden, second, view) + 6) + 38;
    return [
      [
        curvePanel(view, first > 400 && innerHeight < 900 ? 168 : 182), // the cases are higher on a wide page
        { height: rows * (sideOfCase(first, columns) + 1) + 56, draw: (pen, box) => drawAllCases(pen, box, view) },
        { height: textOfCase(first, view).height + 30, draw: (pen, box) => drawOneCase(pen, box, view) },
        { height: 122, draw: (pen, box) => drawLogistic(pen, { ...box, h: 118 }, chosenUnit(view)) },
      ],
      [
        { height: 300, draw: (pen, box) => drawNetwork(pen, box, view) },
        { height: balanceHeight(hidden), draw: (pen, box) => drawBalance(pen, box, view) },
        { height: weightsHeight, draw: (pen, box) => drawWeights(pen, box, view) },
      ],
    ];
  },

  begin(view) { // the symmetric cases first
    const { desired, names, selected } = view.scene, on = (c) => desired.output[c][0] > 0.5;
    view.order = names.map((_, c) => c).sort((a, b) => on(b) - on(a) || a - b);
    view.selected = selected ?? view.order[0];
    view.unit = "output";
  },

  prepare(view) {
    const { scene, net, moment } = view, states = net.forward(moment.w), outputs = states.y.output[0];
    const desired = scene.desired.output.map((row) => row[0]);
    const right = desired.map((d, c) => Math.abs(d - outputs[c]) < scene.right_within);
    Object.assign(view, { states, outputs, desired, right, shown: view.litIndex("case") ?? view.selected });
  },

  selection: ({ selected, unit }) => [selected, unit],
  describe(view) {
    const balance = Array.from(view.states.y.hidden.slice(0, 2), (_, j) => j);
    return [
      `the case shown is ${aboutCase(view, view.selected)}`, aboutCurve(chosenUnit(view)),
      ...balance.map((j) => aboutBalance(view, j)),
    ].join(". ");
  },
});

// The unit whose place on the logistic curve is shown: the one the pointer or the keys are on, or the one chosen.
function chosenUnit(view) {
  const unit = view.litIndex("unit") ?? view.unit, { x, y } = view.states, c = view.shown;
  const j = unit === "output" || unit >= x.hidden.length ? null : unit;
  const asked = view.veiled.includes("02.3") ? { exercise: "02.3", giveUp: view.giveUp } : null; // y(1 - y) answers it
  return j === null ? { name: "output", x: x.output[0][c], y: y.output[0][c], asked }
    : { name: `h${subscript(j + 1)}`, x: x.hidden[j][c], y: y.hidden[j][c], asked };
}

function aboutCase({ scene, outputs, desired, right }, c) {
  return `${scene.names[c]}: output ${number(outputs[c])}, should be ${desired[c]}${right[c] ? "" : ", wrong"}`;
}

function drawAllCases(pen, { x, y, w }, view) {
  const { net, order, outputs, desired, right, shown, selected } = view, quiet = { colour: pen.theme.quiet };
  pen.title(`The ${net.cases} cases`, x, y + 8, "white = output on, dot = should be on", x + w);
  const height = drawCases(pen, { x, y: y + 22, w }, {
    order, y: outputs, d: desired, right, marked: [shown, selected], columns: columnsOf(view),
    about: (c) => aboutCase(view, c), choose: (c) => { view.selected = c; },
  });
  const below = y + 22 + height + 12, symmetric = desired.filter((d) => d > 0.5).length;
  const inOrder = `${symmetric} symmetric first, then the ${net.cases - symmetric} others`;
  pen.text(inOrder, x, below, { ...quiet, room: w - 70 });
  pen.text(`${right.filter(Boolean).length} right`, x + w, below, { align: "right", ...quiet });
}

// ---- one case

const INPUT = 26; // side of an input's square

// Where the text of a case stands: beside its inputs, in as many columns as there is room for.
function textOfCase(w, { net }) {
  const hidden = Math.min(4, net.groups[1].size), left = net.groups[0].size * (INPUT + 1) + 16;
  const across = w - left > 250 ? 2 : 1;
  return { left, across, height: across === 2 ? 18 + INPUT + (hidden > 2 ? 12 : 0) : 28 + 16 * hidden };
}

function drawOneCase(pen, { x, y, w }, view) {
  const { scene, states: { x: total, y: out }, shown: c, desired } = view, { theme } = pen;
  const inputs = scene.inputs.input[c], side = INPUT, { left, across } = textOfCase(w, view), top = y + 8;
  pen.title("One case", x, top, "point at a case, or click to keep it", x + w);
  inputs.forEach((v, i) => {
    pen.rect(x + i * (side + 1), top + 14, side, side, FIELD);
    pen.square(v, x + i * (side + 1) + 3, top + 17, side - 6);
  });
  const middle = x + (inputs.length / 2) * (side + 1) - 0.5;
  pen.line(middle, top + 10, middle, top + 18 + side, theme.quiet, 1, [2, 2]);
  const chosen = view.litIndex("unit") ?? view.unit, hidden = total.hidden.slice(0, 4);
  const more = total.hidden.length > 4 ? " \u2026" : "";
  hidden.forEach((xj, j) => {
    const ends = `x ${number(xj[c], 1)} \u2192 y ${number(out.hidden[j][c])}`;
    const text = `h${subscript(j + 1)} ${ends}${j === 3 ? more : ""}`;
    const at = { x: x + left + (j % across) * 130, y: top + 20 + 16 * Math.floor(j / across) };
    pen.text(text, at.x, at.y, { weight: chosen === j ? "600" : "normal", room: Math.min(126, w - left) });
    unitSpot(pen, view, j, at.x - 2, at.y - 8, 100);
  });
  const yc = out.output[0][c], ok = Math.abs(yc - desired[c]) < scene.right_within, mark = ok ? "\u2713" : "\u2717";
  const below = top + 20 + 16 * Math.ceil(hidden.length / across) + (across === 2 ? 0 : 8);
  const outputX = across === 2 ? x + left : x, weight = chosen === "output" ? "600" : "normal";
  pen.text(`output x ${number(total.output[0][c], 1)} \u2192 y ${number(yc)}, should be ${desired[c]} ${mark}`,
    outputX, below, { colour: ok ? theme.right : theme.wrong, weight, room: x + w - outputX });
  unitSpot(pen, view, "output", outputX - 2, below - 8, 190);
}

function unitSpot(pen, view, unit, x, y, w) {
  const about = () => {
    const { x: total, y: out } = view.states, [layer, j] = unit === "output" ? ["output", 0] : ["hidden", unit];
    const name = unit === "output" ? unit : `h${unit + 1}`;
    const asked = view.veiled.includes("02.3");
    return aboutCurve({ name, x: total[layer][j][view.shown], y: out[layer][j][view.shown], asked });
  };
  pen.spot({ kind: "unit", index: unit }, x, y, w, 16, about, () => { view.unit = unit; });
}

// ---- network and weights

function drawNetwork(pen, { x, y, w }, view) {
  const { scene, shown, lit, aboutWeight: about } = view;
  pen.title("The network, as in Fig. 1", x, y + 8, "pale +, dark \u2212, width = size", x + w);
  drawArcs(pen, { x, y: y + 20, w, h: 268 }, { ...arcCells(view), about, states: scene.inputs.input[shown], lit });
}

function cellSide(hidden, w, { net }) {
  return Math.min(hidden <= 2 ? 27 : hidden <= 4 ? 24 : 16, (w - 46) / (net.groups[0].size + 1));
}

function drawWeights(pen, { x, y, w }, view) {
  const { inputs, hidden, weight, bias } = arcCells(view), { lit } = view, top = y + 8;
  const about = (cell) => ({ ...cell, about: () => view.aboutWeight(cell.k) });
  const units = Array.from({ length: hidden }, (_, j) => j), side = cellSide(hidden, w, view);
  const rows = units.map((j) => ({
    name: `h${subscript(j + 1)}`, bias: about(bias("hidden", j)),
    cells: Array.from({ length: inputs }, (_, i) => about(weight("hidden", j, i))),
  }));
  rows.push({ name: "out", bias: about(bias("output", 0)), cells: units.map((j) => about(weight("output", 0, j))) });
  const largest = Math.max(1e-9, largestOf(view.moment.w)), quiet = { colour: pen.theme.quiet, size: 12 };
  pen.title("The weights", x, top, `white +, black \u2212, area = size; largest ${number(largest, 1)}`, x + w);
  const how = { side, gap: 6, columns: Math.max(inputs, hidden), largest, lit };
  const drawn = drawHinton(pen, x, top + 14, rows, how), below = top + 14 + drawn.height + 11;
  pen.text(`inputs 1\u2013${inputs}`, drawn.cells, below, quiet);
  pen.text("bias", drawn.bias, below, { align: "center", ...quiet });
}

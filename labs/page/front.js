// The canvas of the front page: the network of Fig. 1 over the weights of its two hidden units, and the error below.

import { curvePanel } from "../kit/stage/curve.js";
import { FIELD, number, subscript } from "../kit/stage/pen.js";
import { addScene } from "../kit/stage/scenes.js";
import { arcCells } from "../symmetry/arcs.js";

const SIDE = 112; // left of the grey field on a wide page, for names; there are `RIGHT` pixels to its right
const RIGHT = 52, LIGHT = 11; // radius of an input

addScene("front", {
  narrow: 700,
  split: 1,
  reach: "weights and lights",

  columns(view, [first]) {
    const wide = first >= 560, rows = view.net.groups[1].size;
    const share = Math.min(1.6, Math.max(1, innerHeight / 800)); // more on a large screen
    const field = wide ? Math.round(56 * share) : 46, arcs = wide ? Math.round(164 * share) : 132;
    const size = { wide, field, arcs, left: wide ? SIDE - 64 : 30, right: wide ? RIGHT + 8 : 8 };
    const net = { height: arcs + rows * field + 54, draw: (pen, box) => drawNet(pen, box, view, size) };
    return [[net, curvePanel(view, wide ? Math.round(128 * share) : 130)], []];
  },

  begin(view) { view.lights ??= [1, 0, 1, 1, 0, 1]; },

  prepare(view) {
    const { scene, net, moment } = view, y = net.forward(moment.w).y.output[0], d = scene.desired.output;
    const asked = scene.names.indexOf(view.lights.join(""));
    const right = d.filter(([desired], c) => Math.abs(y[c] - desired) < scene.right_within).length;
    Object.assign(view, { answer: y[asked], right, isSymmetric: d[asked][0] > 0.5 });
  },

  dataset: ({ right, lights }) => ({ right, lights: lights.join("") }),
  selection: ({ lights }) => lights,
  describe: (view) => `The lights are ${view.lights.join("")}: ${answerOf(view)}. ${view.right} of 64 cases are right`,
});

const answerOf = ({ answer }) => `${answer > 0.5 ? "yes" : "no"}, ${number(answer).replace(/^0/, "")}`;

function drawNet(pen, { x, y, w }, view, { wide, field, arcs, left, right }) {
  const { inputs, hidden, weight } = arcCells(view), { theme } = pen, { lit } = view;
  const x0 = x + left, width = w - left - right, top = y + arcs, cell = width / inputs;
  const inX = (i) => x0 + (i + 0.5) * cell, outX = x0 + width / 2, outY = y + 26;
  const hidX = (j) => x0 + (width * (j + 0.5)) / hidden, hidY = y + arcs * 0.57, radius = wide ? 20 : 17;
  const all = Array.from({ length: hidden }, (_, j) => j);
  const cells = all.map((j) => Array.from({ length: inputs }, (_, i) => weight("hidden", j, i)));
  const largest = Math.max(0.4, ...cells.flat().map(({ value }) => Math.abs(value))); // small weights look small
  const arc = (x1, y1, x2, y2, { k, value }, most) => {
    const ink = lit === `w${k}` ? theme.accent : value < 0 ? theme.negative : theme.positive;
    pen.line(x1, y1, x2, y2, ink, 0.8 + (9 * Math.abs(value)) / most);
  };
  for (const j of all) cells[j].forEach((one, i) => arc(hidX(j), hidY, inX(i) + (j - 0.5) * 14, top, one, largest));
  const up = all.map((j) => weight("output", 0, j));
  const strongest = Math.max(0.4, ...up.map(({ value }) => Math.abs(value)));
  for (const j of all) arc(outX, outY, hidX(j), hidY, up[j], strongest);

  drawField(pen, { x: x0, y: top, w: width, h: hidden * field }, view, { cells, cell, field, largest });
  const states = view.net.forward(view.moment.w).y, c = view.scene.names.indexOf(view.lights.join(""));
  for (const j of all) {
    unit(pen, hidX(j), hidY, radius, states.hidden[j][c]);
    const name = `h${subscript(j + 1)}`, side = j === 0 ? -1 : 1, bold = { weight: "600", size: 15 };
    pen.text(name, hidX(j) + side * (radius + 10), hidY, { ...bold, align: side < 0 ? "right" : "left" });
    pen.text(name, x0 - 10, top + (j + 0.5) * field, { ...bold, align: "right" });
  }
  unit(pen, outX, outY, radius + 4, view.answer);
  const isRight = (view.answer > 0.5) === view.isSymmetric, said = outX + radius + (wide ? 14 : 10);
  const how = { size: wide ? 15 : 13, halo: true };
  pen.text("symmetric?", said, outY - 10, how);
  const after = said + pen.ctx.measureText("symmetric? ").width;
  pen.text(answerOf(view), after, outY - 10, { ...how, weight: "600", colour: isRight ? theme.right : theme.wrong });

  const fits = x0 + width - after > 200, rightX = fits ? x0 + width : x, done = view.right === view.net.cases;
  pen.text(`${view.right} of ${view.net.cases} right`, rightX, outY - 10,
    { ...how, align: fits ? "right" : "left", weight: "600", colour: done ? theme.right : theme.quiet });

  const lightY = top + hidden * field + 24;
  pen.line(outX, top - 40, outX, lightY + 18, theme.quiet, 1.4, [2, 4]);
  if (wide) pen.text("white +", x0 + width + 10, top + field - 11, { colour: theme.quiet });
  if (wide) pen.text("black \u2212", x0 + width + 10, top + field + 9, { colour: theme.quiet });
  if (wide) pen.text("input", x0 - 10, lightY, { colour: theme.quiet, align: "right" });
  view.lights.forEach((on, i) => {
    const isLit = lit === `light${i}`, stroke = isLit ? theme.accent : theme.ink;
    pen.circle(inX(i), lightY, LIGHT, { fill: on ? "#fff" : FIELD, stroke, width: isLit ? 3 : 1.5 });
    const flip = () => { view.lights = view.lights.map((state, k) => (k === i ? 1 - state : state)); };
    const about = () => `light ${i + 1} is ${on ? "on" : "off"}: click to turn it ${on ? "off" : "on"}`;
    pen.spot({ kind: "light", index: i }, inX(i) - 16, lightY - 14, 32, 28, about, flip);
  });
}

// A unit: the whiter its middle, the more it is on.
function unit(pen, x, y, radius, state) {
  pen.circle(x, y, radius, { fill: FIELD, stroke: pen.theme.ink, width: 1.6 });
  pen.circle(x, y, Math.max(0, Math.sqrt(state) * (radius - 5)), { fill: "#fff" });
}

// The weights of the hidden units, a row each; the pair in the middle of the first is what the page tells to watch.
function drawField(pen, { x, y, w, h }, { aboutWeight, lit }, { cells, cell, field, largest }) {
  const { theme } = pen, side = Math.min(cell, field) - 6;
  pen.rect(x, y, w, h, FIELD);
  cells.forEach((row, j) => row.forEach(({ k, value }, i) => {
    const left = x + i * cell + (cell - side) / 2, top = y + j * field + (field - side) / 2;
    pen.square(value / largest, left, top, side);
    if (lit === `w${k}`) pen.frame(left - 2, top - 2, side + 4, side + 4, theme.accent, 2);
    pen.spot({ kind: "weight", index: k }, left, top, side, side, () => aboutWeight(k));
  }));
  const middle = x + w / 2, wide = side + 8, high = field - 2;
  for (const centre of [middle - cell / 2, middle + cell / 2]) {
    pen.box(centre - wide / 2, y + 1, wide, high, { stroke: "#2563a8", width: 3, radius: 4 });
  }
}

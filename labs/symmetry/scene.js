// The symmetry lab's canvas: error, time and cases in the first column; network and weights in the second.

import { drawCurve } from "../kit/stage/curve.js";
import { drawHinton } from "../kit/stage/hinton.js";
import { FIELD, number, subscript } from "../kit/stage/pen.js";
import { addScene } from "../kit/stage/scenes.js";
import { drawArcs } from "./arcs.js";
import { drawCases } from "./cases.js";

addScene("symmetry", {
  editable: true, // weights can be changed by hand
  columns(width) { return width < 560 ? 1 : 2; },

  height(width, scene) {
    const hidden = scene.groups[1].size, right = 340 + this.hintonHeight(hidden) + 40;
    return this.columns(width) === 2 ? Math.max(560, right) : 560 + right;
  },

  hintonSide(hidden) { return hidden <= 2 ? 34 : hidden <= 4 ? 24 : 16; },
  hintonHeight(hidden) { return (hidden + 1) * (this.hintonSide(hidden) + 6) + 50; },

  draw(pen, view) {
    const { scene, net, moment, width } = view, two = this.columns(width) === 2;
    const first = { x: 0, y: 0, w: two ? Math.round(width * 0.52) - 14 : width };
    const second = two ? { x: first.w + 34, y: 0, w: width - first.w - 34 } : { x: 0, y: 560, w: width };
    const states = net.forward(moment.w), outputs = states.y.output[0];
    const d = scene.desired.output.map((row) => row[0]), right = d.map((v, c) => Math.abs(v - outputs[c]) < scene.right_within);
    const litCase = view.litIndex("case") ?? view.selected;
    view.aboutCase = (c) => `${scene.names[c]}: output ${number(outputs[c])}, should be ${d[c]}${right[c] ? "" : ", wrong"}`;

    const plot = drawCurve(pen, { x: first.x, y: 0, w: first.w, h: 224 }, view.record, view);
    const casesY = 296;
    pen.title(`The ${net.cases} cases`, first.x, casesY - 14, "white = output on, dot = should be on", first.x + first.w);
    const strip = drawCases(pen, { x: first.x, y: casesY, w: first.w }, {
      order: view.order, y: outputs, d, right, lit: litCase, columns: 16,
      about: view.aboutCase, choose: (c) => { view.selected = c; },
    });
    const below = casesY + strip.height + 12, symmetric = d.filter((v) => v > 0.5).length;
    pen.text(`${symmetric} symmetric first, then the ${net.cases - symmetric} others`, first.x, below, { colour: pen.theme.quiet });
    pen.text(`${right.filter(Boolean).length} right`, first.x + first.w, below, { colour: pen.theme.quiet, align: "right" });
    this.drawOneCase(pen, { x: first.x, y: below + 30, w: first.w }, view, states, litCase, d);
    this.drawNetwork(pen, second, view, litCase);
    return plot;
  },

  drawOneCase(pen, { x, y, w }, { scene }, { x: total, y: out }, c, d) {
    const inputs = scene.inputs.input[c], side = 26, { theme } = pen;
    pen.title("One case", x, y, "point at a case, or click to keep it", x + w);
    inputs.forEach((v, i) => {
      pen.rect(x + i * (side + 1), y + 14, side, side, FIELD);
      pen.square(v, x + i * (side + 1) + 3, y + 17, side - 6);
    });
    const middle = x + (inputs.length / 2) * (side + 1) - 0.5;
    pen.line(middle, y + 10, middle, y + 18 + side, theme.quiet, 1, [2, 2]);
    const hidden = total.hidden.slice(0, 4).map((xj, j) =>
      `h${subscript(j + 1)} ${number(xj[c], 1)} \u2192 ${number(out.hidden[j][c])}`);
    const more = total.hidden.length > 4 ? " \u2026" : "", tx = x + inputs.length * (side + 1) + 16;
    const abreast = w - (tx - x) > 215 ? 2 : 1; // beside or below each other
    hidden.forEach((text, j) =>
      pen.text(text + (j === 3 ? more : ""), tx + (j % abreast) * 110, y + 20 + 16 * Math.floor(j / abreast)));
    const yc = out.output[0][c], ok = Math.abs(yc - d[c]) < scene.right_within;
    pen.text(`output ${number(total.output[0][c], 1)} \u2192 ${number(yc)}, should be ${d[c]} ${ok ? "\u2713" : "\u2717"}`,
      abreast === 2 ? tx : x, y + 20 + 16 * Math.ceil(hidden.length / abreast) + (abreast === 2 ? 0 : 8), { colour: ok ? theme.right : theme.wrong });
    const below = abreast === 2 ? 30 + side + (hidden.length > 2 ? 12 : 0) : 46 + 16 * Math.max(hidden.length, 1);
    pen.text("total input x \u2192 output y, equations (1) and (2)", x, y + below,
      { colour: theme.quiet, size: 10 });
  },

  drawNetwork(pen, { x, y, w }, view, litCase) {
    const { scene, net, moment, lit } = view, hidden = net.groups[1].size, inputs = net.groups[0].size;
    const link = Object.fromEntries(net.links.map((l) => [`${l.source} ${l.target}`, l]));
    const cell = (k) => ({ k, value: moment.w[k], about: () => view.aboutWeight(k) });
    const weight = (target, j, i) => {
      const l = link[`${target === "hidden" ? "input" : "hidden"} ${target}`];
      return cell(l.first + j * l.from + i);
    };
    const bias = (target, j) => cell(link[`one ${target}`].first + j);
    pen.title("The network, as in Fig. 1", x, y + 8, "pale +, dark \u2212, width = size", x + w);
    drawArcs(pen, { x, y: y + 20, w, h: 290 },
      { inputs, hidden, weight, bias, about: view.aboutWeight, states: scene.inputs.input[litCase], lit });

    const top = y + 346, side = Math.min(this.hintonSide(hidden), (w - 46) / (inputs + 1));
    const rows = Array.from({ length: hidden }, (_, j) => ({
      name: `h${subscript(j + 1)}`, bias: bias("hidden", j), cells: Array.from({ length: inputs }, (_, i) => weight("hidden", j, i)),
    }));
    rows.push({ name: "out", bias: bias("output", 0), cells: rows.map((_, j) => weight("output", 0, j)) });
    const largest = Math.max(1e-9, ...moment.w.map(Math.abs));
    pen.title("The weights", x, top, `white +, black \u2212, area = size; largest ${number(largest, 1)}`, x + w);
    const drawn = drawHinton(pen, x, top + 14, rows, { side, gap: 6, columns: Math.max(inputs, hidden), largest, lit });
    pen.text(inputs > 4 && side > 20 ? `inputs 1\u2013${inputs} (out: hidden units)` : `inputs 1\u2013${inputs}`, drawn.cells, top + 14 + drawn.height + 11, { colour: pen.theme.quiet, size: 10 });
    pen.text("bias", drawn.bias, top + 14 + drawn.height + 11, { align: "center", colour: pen.theme.quiet, size: 10 });
  },

  begin(view) { // the symmetric cases first
    const { desired, names, selected } = view.scene, on = (c) => desired.output[c][0] > 0.5;
    view.order = names.map((_, c) => c).sort((a, b) => on(b) - on(a) || a - b);
    view.selected = selected ?? view.order[0];
  },

  chosenIs: (view) => view.selected,
  chosenNow: (view) => `the case shown is ${view.aboutCase(view.selected)}`,
  tells() { return {}; },
  reach: "weights and cases",
});

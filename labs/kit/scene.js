// A canvas for any network: error, all cases and one of them in the first column; all weights in the second, and where the run
// stands.

import { drawCurve } from "./stage/curve.js";
import { drawMatrix, matrixOf } from "./stage/hinton.js";
import { count, FIELD, largestOf, number } from "./stage/pen.js";
import { isFlat, Plane, rowsThatFit } from "./stage/plane.js";
import { addScene } from "./stage/scenes.js";

// The unit that the pointer or the keys are on, {name, j}.
const litUnit = ({ on }) => (on?.kind === "unit" ? { name: on.index, j: on.part } : null);

addScene("net", {
  editable: true, // weights can be changed by hand
  wordsRoom: 120,
  columns(width) { return width < 560 ? 1 : 2; },
  first(width) { return this.columns(width) === 2 ? Math.round(width * 0.52) - 14 : width; },
  firstHeight(scene, w) { return 306 + this.strip(scene, w).height + 30 + this.caseHeight(scene); },
  standingHeight(scene) { return scene.standings ? 124 : 0; },
  planeSide(w) { return Math.min(250, w - 100); },
  secondHeight(scene, w) {
    return matrixOf(scene, w, 300).height + 6 + this.standingHeight(scene) + (isFlat(scene) ? this.planeSide(w) + 74 : 0);
  },
  height(width, scene) {
    const w = this.first(width), two = this.columns(width) === 2;
    const [one, other] = [this.firstHeight(scene, w), this.secondHeight(scene, two ? width - w - 30 : width)];
    return two ? Math.max(one, other) : one + other + 20;
  },

  begin(view) {
    view.selected = Math.min(view.selected ?? 0, view.scene.names.length - 1);
    view.standing = null;
    view.plane = isFlat(view.scene) ? new Plane(view.scene) : null;
    view.unit = null; // that is shown in the plane, where it is not the output
  },
  reach: "cases, units and weights",
  told(view, message) { if (message.type === "standing") view.standing = message; },
  chooseUnit(view, name, j) { view.unit = view.unit?.name === name && view.unit.j === j ? null : { name, j }; },
  chosenIs: (view) => [view.selected, view.unit, view.standing?.name],
  chosenNow({ scene, states, selected, standing, plane, unit }) {
    const outputs = this.outputs(scene).map(([name, j]) => `${number(states.y[name][j][selected])}, should be ${number(scene.desired[name][selected][j])}`);
    const shown = plane && unit ? `The plane shows ${this.unitName(scene, ...this.shownUnit(scene, unit))}. ` : "";
    return `${shown}${standing ? `it is ${standing.name === "on the way" || standing.name === "solved" ? "" : "in "}${standing.name}. ` : ""}The case shown is ${scene.names[selected]}: ${outputs.slice(0, 8).join("; ")}`;
  },
  tells({ scene, standing, selected, plane, on, unit }) {
    const inPlane = plane ? this.unitName(scene, ...this.shownUnit(scene, litUnit({ on }), unit)) : "";
    return { standing: standing?.name ?? "", stood: standing?.sweep ?? "", selected, plane: inPlane };
  },

  draw(pen, view) {
    const { scene, net, moment, width, lit } = view, two = this.columns(width) === 2, w = this.first(width);
    view.states = net.forward(moment.w);
    const shown = view.litIndex("case") ?? view.selected;
    const plot = drawCurve(pen, { x: 0, y: 0, w, h: 214 }, view.record, view);
    const below = this.drawStrip(pen, { x: 0, y: 286, w }, view, shown);
    this.drawCase(pen, { x: 0, y: below + 22, w }, view, shown);
    const second = two ? { x: w + 30, y: 0, w: width - w - 30 } : { x: 0, y: this.firstHeight(scene, w) + 20, w: width };
    const matrix = matrixOf(scene, second.w, 300);
    pen.title("The weights", second.x, second.y + 8, `white +, black \u2212, area = size; largest ${number(largestOf(moment.w), 1)}`, second.x + second.w);
    drawMatrix(pen, second, matrix, moment.w, { lit, about: view.aboutWeight });
    const under = second.y + matrix.height + 6;
    this.drawStanding(pen, { ...second, y: under }, view);
    if (view.plane) this.drawPlane(pen, { ...second, y: under + this.standingHeight(scene) }, view, shown);
    return plot;
  },

  // ---- all cases: a column each, a row for each output unit

  outputs({ desired }) { return Object.entries(desired).flatMap(([name, rows]) => rows[0].map((_, j) => [name, j])); },
  strip(scene, w) {
    const outputs = this.outputs(scene).length, cases = scene.names.length;
    const columns = outputs > 1 ? Math.min(cases, 32) : Math.min(cases, cases > 100 ? 32 : 16);
    const side = Math.max(4, Math.min(outputs > 4 ? 15 : 26, Math.floor((w + 1) / columns) - 1)), lines = Math.min(Math.ceil(cases / columns), outputs > 1 ? 2 : 8);
    return { outputs, columns, side, lines, shown: Math.min(cases, lines * columns), height: lines * (outputs * (side + 1) + (outputs > 1 ? 6 : 0)) };
  },

  wrong({ scene, states }, c) {
    return this.outputs(scene).some(([name, j]) => Math.abs(states.y[name][j][c] - scene.desired[name][c][j]) >= scene.right_within);
  },

  aboutCase(view, c, o) {
    const { scene, states } = view, outputs = this.outputs(scene), [name, j] = outputs[o], d = scene.desired[name][c][j];
    return `${scene.names[c]}: ${outputs.length > 1 ? `${scene.unit_names[name][j]} ` : ""}${number(states.y[name][j][c])}, ` +
      `should be ${number(d, d % 1 ? 2 : 0)}${this.wrong(view, c) ? "; wrong" : ""}`;
  },

  drawStrip(pen, { x, y, w }, view, shown) {
    const { scene, states } = view, { theme } = pen, { outputs, columns, side, shown: many, height } = this.strip(scene, w);
    const here = scene.names.length, all = scene.all_cases ?? here;
    pen.title(many < all ? `${count(many)} of the ${count(all)} cases` : all === 1 ? "The only case" : `The ${count(all)} cases`, x, y, "white = output, dot = should be on", x + w);
    for (let place = 0; place < many; place++) {
      const c = Math.floor((place * here) / many); // tables are often sorted
      const left = x + (place % columns) * (side + 1), top = y + 14 + Math.floor(place / columns) * (outputs * (side + 1) + (outputs > 1 ? 6 : 0));
      const wrong = this.wrong(view, c);
      this.outputs(scene).forEach(([name, j], o) => {
        const cy = top + o * (side + 1), v = states.y[name][j][c], d = scene.desired[name][c][j];
        pen.rect(left, cy, side, side, FIELD);
        pen.square(v, left + 1, cy + 1, side - 2);
        if (d > 0.5) pen.circle(left + side / 2, cy + side / 2, Math.max(1.2, side * 0.12), { fill: "#000" });
        pen.spot({ kind: "case", index: c, part: o }, left, cy, side, side, () => this.aboutCase(view, c, o), () => { view.selected = c; });
      });
      const high = outputs * (side + 1) - 1;
      if (wrong) pen.frame(left, top, side, high, theme.wrong, 1.5);
      if (c === shown) pen.frame(left - 1, top - 1, side + 2, high + 2, theme.accent, 2);
    }
    const right = scene.names.filter((_, c) => !this.wrong(view, c)).length;
    if (many < all) pen.text("evenly spread over the table", x, y + 14 + height + 8, { colour: theme.quiet });
    pen.text(`${count(right)} of ${here < all ? `${count(here)} of them` : count(all)} right`, x + w, y + 14 + height + 8, { align: "right", colour: theme.quiet });
    return y + 14 + height + 8;
  },

  // ---- one case: the activity of every group, from the output down

  caseHeight(scene) { return 30 + scene.groups.length * 24; },
  drawCase(pen, { x, y, w }, view, c) {
    const { scene, net, states } = view;
    const { theme } = pen, wide = Math.max(...scene.groups.map((g) => g.size)), side = Math.min(18, (w - 70) / wide);
    pen.title(`One case: ${scene.names[c]}`, x, y, "point at a case, or click to keep it", x + w);
    [...scene.groups].reverse().forEach((g, row) => {
      const top = y + 14 + row * 24;
      pen.text(g.name, x, top + 9, { colour: theme.quiet });
      const values = Array.from({ length: g.size }, (_, j) => (states.y[g.name] ?? net.given[g.name])[j][c]);
      pen.rect(x + 66, top, g.size * side, side, FIELD);
      values.forEach((v, j) => {
        pen.square(v, x + 67 + j * side, top + 1, side - 2);
        if ((scene.desired[g.name]?.[c][j] ?? 0) > 0.5) pen.circle(x + 66 + (j + 0.5) * side, top + side / 2, 1.8, { fill: "#000" });
        pen.spot({ kind: "unit", index: g.name, part: j }, x + 66 + j * side, top, side, side, () => this.aboutUnit(scene, g, j, v),
          () => this.chooseUnit(view, g.name, j));
      });
    });
  },
  unitName({ unit_names: names }, g, j) { return names[g.name][j]; },
  aboutUnit(scene, g, j, v) {
    return `${this.unitName(scene, g, j)}: ${number(v)} in this case${isFlat(scene) && !scene.inputs[g.name] ? "; a click or Enter keeps it in the plane" : ""}`;
  },

  // ---- the plane of two inputs

  // [group, place]: of the first of these units ({name, j}) that has links into it, or of the output.
  shownUnit(scene, ...units) {
    const found = units.filter(Boolean).map(({ name, j }) => [scene.groups.find((g) => g.name === name), j])
      .find(([g]) => g && !scene.inputs[g.name]);
    const [output, j] = this.outputs(scene)[0];
    return found ?? [scene.groups.find((g) => g.name === output), j];
  },

  drawPlane(pen, { x, y, w }, view, shown) {
    const { scene, plane, moment } = view, { theme } = pen, side = this.planeSide(w), top = y + 34, below = top + side + 12;
    const { y: made } = plane.net.forward(moment.w), [group, unit] = this.shownUnit(scene, litUnit(view), view.unit);
    pen.title("The plane of the two inputs", x, y + 8, "light = on", x + w);
    pen.text(`${this.unitName(scene, group, unit)} at every point; on the line it is half on`, x, y + 23, { colour: theme.quiet, room: w });
    plane.draw(pen, x, top, side, made[group.name][unit], group.unit);
    const output = scene.desired[group.name] ? [group.name, unit] : this.outputs(scene)[0]; // that the points tell of
    this.drawPoints(pen, { x, y: top, side }, view, output, shown);
    const [one, other] = Object.keys(scene.inputs).flatMap((name) => scene.unit_names[name]);
    pen.text(`\u2192 ${one}   \u2191 ${other}`, x, below, { colour: theme.quiet, room: side });
    const key = [["#fff", "#000", null, "should be on"], ["#000", "#fff", null, "should be off"], [null, null, theme.wrong, "wrong"]];
    key.reduce((left, [fill, stroke, ring, text]) => {
      pen.circle(left + 5, below + 17, ring ? 5.5 : 4, { fill, stroke: ring ?? stroke, width: ring ? 1.8 : 1 });
      if (fill === "#fff" || fill === "#000") pen.circle(left + 5, below + 17, 4.8, { stroke: theme.line, width: 0.8 }); // on any paper
      pen.text(text, left + 14, below + 17.5, { colour: theme.quiet });
      return left + 28 + pen.ctx.measureText(text).width;
    }, x);
    if (scene.held_out) pen.text("\u25a1 held out", x + w, below + 17.5, { align: "right", colour: theme.quiet });
    this.drawUnits(pen, { x: x + side + 14, y: top, w: w - side - 14, h: side }, view, made, [group, unit], shown);
  },

  // The cases in the plane, as light as their desired state is high; those that are held out are squares.
  drawPoints(pen, { x, y, side }, view, [output, o], shown) {
    const { scene, plane, moment } = view, { theme } = pen, [points] = Object.values(scene.inputs);
    const place = (point) => plane.place(point).map((share, i) => (i ? y : x) + share * side);
    const look = (d) => { const grey = Math.round(255 * Math.max(0, Math.min(1, d))); return { fill: `rgb(${grey}, ${grey}, ${grey})`, stroke: d > 0.5 ? "#000" : "#fff", width: 1 }; };
    const radius = points.length > 150 ? 2.6 : points.length > 30 ? 3.2 : 4.5;
    if (scene.held_out) {
      const { inputs, desired } = scene.held_out, states = plane.heldOut.forward(moment.w);
      const wrong = (c) => this.outputs(scene).some(([name, j]) => Math.abs(states.y[name][j][c] - desired[name][c][j]) >= scene.right_within);
      Object.values(inputs)[0].forEach((point, c) => {
        const [px, py] = place(point), { fill, stroke } = look(desired[output][c][o]);
        pen.rect(px - radius - 1, py - radius - 1, 2 * radius + 2, 2 * radius + 2, stroke);
        pen.rect(px - radius, py - radius, 2 * radius, 2 * radius, fill);
        if (wrong(c)) pen.circle(px, py, radius + 3.4, { stroke: theme.wrong, width: 1.8 });
      });
    }
    points.forEach((point, c) => {
      const [px, py] = place(point);
      pen.circle(px, py, radius, look(scene.desired[output][c][o]));
      if (this.wrong(view, c)) pen.circle(px, py, radius + 2.2, { stroke: theme.wrong, width: 1.8 });
      if (c === shown) pen.circle(px, py, radius + 4.2, { stroke: theme.accent, width: 2 });
      pen.spot({ kind: "case", index: c, part: 0 }, px - 5, py - 5, 10, 10, () => this.aboutCase(view, c, 0), () => { view.selected = c; });
    });
  },

  // A small plane for each unit, the outputs first.
  drawUnits(pen, { x, y, w, h }, view, made, [group, unit], shown) {
    const { scene, plane, states } = view, { theme } = pen, upper = [...scene.groups].reverse().filter((g) => !scene.inputs[g.name]), heading = 15, gap = 5;
    const fit = rowsThatFit(upper.map((g) => g.size), w, h, heading, gap, 56);
    if (!fit) return pen.paragraph("Too many units for a small plane each: point at one of those under \u201cOne case\u201d.", x, y + 8, w, { colour: theme.quiet });
    let at = y;
    for (const g of upper) {
      pen.text(g.name, x, at + 5, { colour: theme.quiet, size: 10 });
      for (let j = 0; j < g.size; j++) {
        const left = x + (j % fit.perRow) * (fit.side + gap), top = at + heading + Math.floor(j / fit.perRow) * (fit.side + gap);
        plane.draw(pen, left, top, fit.side, made[g.name][j], g.unit);
        if (g === group && j === unit) pen.frame(left - 1, top - 1, fit.side + 2, fit.side + 2, theme.accent, 2);
        pen.spot({ kind: "unit", index: g.name, part: j }, left, top, fit.side, fit.side,
          () => this.aboutUnit(scene, g, j, states.y[g.name][j][shown]), () => this.chooseUnit(view, g.name, j));
      }
      at += heading + Math.ceil(g.size / fit.perRow) * (fit.side + gap);
    }
  },

  // ---- where the run stands, which the kernel finds out when it is asked

  drawStanding(pen, { x, y, w }, view) {
    if (!view.scene.standings) return;
    const { theme } = pen, { moment, standing } = view, now = performance.now();
    if (standing?.sweep !== moment.sweep) { // not at every frame: it takes the kernel some milliseconds
      if (!(now - view.askedAt < 500)) {
        view.askedAt = now;
        view.tell({ type: "where", sweep: moment.sweep });
      }
      clearTimeout(view.askAgain);
      view.askAgain = setTimeout(view.repaint, 600);
    }
    pen.title("Where it stands", x, y + 8, standing ? `sweep ${count(standing.sweep)}` : "", x + w);
    if (!standing) return;
    const colour = { solved: theme.right, "on the way": theme.ink }[standing.name] ?? theme.wrong;
    pen.text(standing.name, x, y + 28, { size: 13, weight: "600", colour });
    pen.paragraph(standing.why.replace(/^[^:]*: /, ""), x, y + 46, w, { colour: theme.quiet });
  },
});

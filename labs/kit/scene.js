// A canvas for any network: error, all cases and one of them in the first column; all weights in the second, and where
// the run stands.

import { curvePanel } from "./stage/curve.js";
import { drawMatrix, matrixOf } from "./stage/hinton.js";
import { aboutCurve, drawLogistic, hasCurve } from "./stage/logistic.js";
import { drawNamed, namedHeight } from "./stage/named.js";
import { count, FIELD, largestOf, number } from "./stage/pen.js";
import { drawVeil } from "./stage/veil.js";
import { isFlat, Plane, rowsThatFit } from "./stage/plane.js";
import { addScene } from "./stage/scenes.js";

const hasNames = ({ plane, scene }) => !plane && scene.named_inputs; // there is room where no plane is
const planeSide = (w) => Math.min(250, w - 100);

addScene("net", {
  editable: true,
  wordsRoom: 120,
  reach: "cases, units and weights",

  columns(view, [first, second]) {
    const { scene } = view, matrix = matrixOf(scene, second, hasNames(view) ? 200 : 300);
    return [
      [
        curvePanel(view, 214, { height: 278 }),
        { height: stripOf(scene, first).height + 44, draw: (pen, box) => drawStrip(pen, box, view) },
        { height: scene.groups.length * 24 + 20, draw: (pen, box) => drawCase(pen, box, view) },
      ],
      [
        { height: matrix.height + 6, draw: (pen, box) => drawWeights(pen, box, view, matrix) },
        ...(scene.standings ? [
          { height: 152, draw: (pen, box) => drawStanding(pen, box, view) },
          { height: 134, draw: (pen, box) => drawCurveOfUnit(pen, { ...box, h: 122 }, view) },
        ] : []),
        ...(hasNames(view) ? [{ height: namedHeight(scene), draw: (pen, box) => drawNamed(pen, box, view) }] : []),
        ...(view.plane ? [{ height: planeSide(second) + 74, draw: (pen, box) => drawPlane(pen, box, view) }] : []),
      ],
    ];
  },

  begin(view) {
    view.selected = Math.min(view.selected ?? 0, view.scene.names.length - 1);
    view.standing = null;
    view.plane = isFlat(view.scene) ? new Plane(view.scene) : null;
    view.unit = null; // that is shown in the plane, if it is not the output
  },

  prepare(view) {
    view.states = view.net.forward(view.moment.w);
    view.shown = view.litIndex("case") ?? view.selected;
  },

  onMessage(view, message) { if (message.type === "standing") view.standing = message; },

  selection: ({ selected, unit, standing }) => [selected, unit, standing?.name],
  describe(view) {
    const { scene, states, selected, standing, plane, unit } = view, curve = unitOnCurve(view);
    const outputs = outputsOf(scene).slice(0, 8).map(([name, j]) => (
      `${number(states.y[name][j][selected])}, should be ${number(scene.desired[name][selected][j])}`
    ));
    const shown = plane && unit ? `The plane shows ${unitName(scene, ...shownUnit(scene, unit))}. ` : "";
    const isGood = ["on the way", "solved"].includes(standing?.name);
    const isShown = standing && !askedIn(view, scene.asks_for_standing);
    const stands = isShown ? `it is ${isGood ? "" : "in "}${standing.name}. ` : "";
    const onCurve = scene.standings && hasCurve(curve.unit) ? `${aboutCurve(curve)}. ` : "";
    return `${shown}${stands}${onCurve}The case shown is ${scene.names[selected]}: ${outputs.join("; ")}`;
  },
  dataset({ scene, standing, selected, plane, on, unit }) {
    const inPlane = plane ? unitName(scene, ...shownUnit(scene, litUnit(on), unit)) : "";
    return { standing: standing?.name ?? "", stood: standing?.sweep ?? "", selected, plane: inPlane };
  },
});

const askedIn = ({ veiled }, numbers = []) => numbers.find((number) => veiled.includes(number)); // an open exercise
const outputsOf = ({ desired }) => Object.entries(desired).flatMap(([name, rows]) => rows[0].map((_, j) => [name, j]));
const unitName = ({ unit_names: names }, { name }, j) => names[name][j];

// Whether any output of a case is on the wrong side. `desired` is the scene's, or that of cases that are held out.
function isWrong(scene, { y }, c, desired = scene.desired) {
  return outputsOf(scene).some(([name, j]) => Math.abs(y[name][j][c] - desired[name][c][j]) >= scene.right_within);
}

function aboutCase({ scene, states }, c, o) {
  const outputs = outputsOf(scene), [name, j] = outputs[o], d = scene.desired[name][c][j];
  const unit = outputs.length > 1 ? `${scene.unit_names[name][j]} ` : "";
  const wrong = isWrong(scene, states, c) ? "; wrong" : "";
  return `${scene.names[c]}: ${unit}${number(states.y[name][j][c])}, should be ${number(d, d % 1 ? 2 : 0)}${wrong}`;
}

// ---- all cases: a column each, a row for each output unit

function stripOf(scene, w) {
  const outputs = outputsOf(scene).length, cases = scene.names.length;
  const columns = Math.min(cases, outputs > 1 || cases > 100 ? 32 : 16);
  const side = Math.max(4, Math.min(outputs > 4 ? 15 : 26, Math.floor((w + 1) / columns) - 1));
  const lines = Math.min(Math.ceil(cases / columns), outputs > 1 ? 2 : 8);
  const lineHeight = outputs * (side + 1) + (outputs > 1 ? 6 : 0);
  return { columns, side, lineHeight, shown: Math.min(cases, lines * columns), height: lines * lineHeight };
}

function drawStrip(pen, { x, y, w }, view) {
  const { scene, states, shown } = view, { theme } = pen, outputs = outputsOf(scene);
  const { columns, side, lineHeight, shown: many, height } = stripOf(scene, w), high = outputs.length * (side + 1) - 1;
  const here = scene.names.length, all = scene.all_cases ?? here;
  const below = y + height + 30, quiet = { colour: theme.quiet };
  const some = many < all ? `${count(many)} of the ${count(all)} cases` : `The ${count(all)} cases`;
  pen.title(all === 1 ? "The only case" : some, x, y + 8, "white = output, dot = should be on", x + w);
  for (let place = 0; place < many; place++) {
    const c = Math.floor((place * here) / many); // tables are often sorted
    const left = x + (place % columns) * (side + 1), top = y + 22 + Math.floor(place / columns) * lineHeight;
    outputs.forEach(([name, j], o) => {
      const cy = top + o * (side + 1), isDesired = scene.desired[name][c][j] > 0.5;
      pen.rect(left, cy, side, side, FIELD);
      pen.square(states.y[name][j][c], left + 1, cy + 1, side - 2);
      if (isDesired) pen.circle(left + side / 2, cy + side / 2, Math.max(1.2, side * 0.12), { fill: "#000" });
      const spot = { kind: "case", index: c, part: o };
      pen.spot(spot, left, cy, side, side, () => aboutCase(view, c, o), () => { view.selected = c; });
    });
    if (isWrong(scene, states, c)) pen.frame(left, top, side, high, theme.wrong, 1.5);
    if (c === shown) pen.frame(left - 1, top - 1, side + 2, high + 2, theme.accent, 2);
  }
  const right = scene.names.filter((_, c) => !isWrong(scene, states, c)).length, { asks_for_count: asked } = scene;
  if (many < all) pen.text("evenly spread over the table", x, below, quiet);
  const isAsked = asked?.counts.includes(right) && view.veiled.includes(asked.exercise);
  const text = `${isAsked ? "?" : count(right)} of ${here < all ? `${count(here)} of them` : count(all)} right`;
  pen.text(text, x + w, below, { align: "right", ...quiet });
}

// ---- one case: the activity of every group, from the output down

function drawCase(pen, { x, y, w }, view) {
  const { scene, net, states, shown: c } = view, { theme } = pen;
  const wide = Math.max(...scene.groups.map((g) => g.size)), side = Math.min(18, (w - 70) / wide), left = x + 66;
  pen.title(`One case: ${scene.names[c]}`, x, y + 8, "point at a case, or click to keep it", x + w);
  [...scene.groups].reverse().forEach((g, row) => {
    const top = y + 22 + row * 24, units = states.y[g.name] ?? net.given[g.name];
    pen.text(g.name, x, top + 9, { colour: theme.quiet });
    pen.rect(left, top, g.size * side, side, FIELD);
    units.forEach((unit, j) => {
      const v = unit[c], at = left + j * side, isDesired = (scene.desired[g.name]?.[c][j] ?? 0) > 0.5;
      pen.square(v, at + 1, top + 1, side - 2);
      if (isDesired) pen.circle(at + side / 2, top + side / 2, 1.8, { fill: "#000" });
      pen.spot({ kind: "unit", index: g.name, part: j }, at, top, side, side,
        () => aboutUnit(scene, g, j, v), () => chooseUnit(view, g.name, j));
    });
  });
}

function aboutUnit(scene, g, j, v) {
  const where = isFlat(scene) ? "in the plane" : scene.standings ? "on the curve" : "";
  const keeps = where && !scene.inputs[g.name] ? `; a click or Enter keeps it ${where}` : "";
  return `${unitName(scene, g, j)}: ${number(v)} in this case${keeps}`;
}

// ---- the weights

function drawWeights(pen, { x, y, w }, { moment, lit, aboutWeight: about }, matrix) {
  const note = `white +, black \u2212, area = size; largest ${number(largestOf(moment.w), 1)}`;
  pen.title("The weights", x, y + 8, note, x + w);
  drawMatrix(pen, { x, y }, matrix, moment.w, { lit, about });
}

// ---- the plane of two inputs

const litUnit = (spot) => (spot?.kind === "unit" ? { name: spot.index, j: spot.part } : null);

function chooseUnit(view, name, j) {
  view.unit = view.unit?.name === name && view.unit.j === j ? null : { name, j };
}

// [group, j]: of the first of these units ({name, j}) that is not an input, or of the output.
function shownUnit(scene, ...units) {
  const group = (name) => scene.groups.find((g) => g.name === name), [output, o] = outputsOf(scene)[0];
  const found = units.find((unit) => unit && group(unit.name) && !scene.inputs[unit.name]);
  return found ? [group(found.name), found.j] : [group(output), o];
}

function drawPlane(pen, { x, y, w }, view) {
  const { scene, plane, moment, on } = view, { theme } = pen, quiet = { colour: theme.quiet };
  const side = planeSide(w), top = y + 34, below = top + side + 12;
  const { y: states } = plane.net.forward(moment.w), [group, j] = shownUnit(scene, litUnit(on), view.unit);
  pen.title("The plane of the two inputs", x, y + 8, "blue = on, orange = off", x + w);
  const note = `${unitName(scene, group, j)} at every point; on the line it is half on`;
  pen.text(note, x, y + 23, { ...quiet, room: w });
  plane.draw(pen, x, top, side, states[group.name][j], group.unit);
  const output = scene.desired[group.name] ? [group.name, j] : outputsOf(scene)[0]; // whose desired states are shown
  drawPoints(pen, { x, y: top, side }, view, output);
  const [across, up] = Object.keys(scene.inputs).flatMap((name) => scene.unit_names[name]);
  pen.text(`\u2192 ${across}   \u2191 ${up}`, x, below, { ...quiet, room: side });
  drawKey(pen, { x, y: below + 17, w });
  if (scene.held_out) pen.text("\u25a1 held out", x + w, below + 17.5, { align: "right", ...quiet });
  drawUnits(pen, { x: x + side + 14, y: top, w: w - side - 14, h: side }, view, states, [group, j]);
}

const WRONG = { stroke: "#000", width: 2 }; // a ring around a point in the plane
const pointLook = (d) => ({ fill: d > 0.5 ? "#0b3c7d" : "#8f4300", stroke: "#fff", width: 1.2 });

// What the points mean.
function drawKey(pen, { x, y, w }) {
  const { theme } = pen, [size, gap] = w < 320 ? [11, 22] : [13, 28];
  const point = (d) => (left) => pen.circle(left + 5, y, 4.5, pointLook(d));
  const ring = (left) => pen.circle(left + 5, y, 5.5, { fill: "#fafafa", ...WRONG });
  const entries = [[point(1), "should be on"], [point(0), "should be off"], [ring, "wrong"]];
  let left = x;
  for (const [draw, text] of entries) {
    draw(left);
    pen.text(text, left + 14, y + 0.5, { colour: theme.quiet, size });
    left += gap + pen.ctx.measureText(text).width;
  }
}

// The cases in the plane, filled by their desired state; those that are held out are squares.
function drawPoints(pen, { x, y, side }, view, [output, o]) {
  const { scene, plane, moment, states, shown } = view, { theme } = pen, [points] = Object.values(scene.inputs);
  const place = (point) => plane.place(point).map((share, i) => (i ? y : x) + share * side);
  const radius = points.length > 150 ? 2.6 : points.length > 30 ? 3.2 : 4.5;
  if (scene.held_out) {
    const { inputs, desired } = scene.held_out, heldStates = plane.heldOut.forward(moment.w);
    Object.values(inputs)[0].forEach((point, c) => {
      const [px, py] = place(point), { fill, stroke } = pointLook(desired[output][c][o]), rim = radius + 1;
      pen.rect(px - rim, py - rim, 2 * rim, 2 * rim, stroke);
      pen.rect(px - radius, py - radius, 2 * radius, 2 * radius, fill);
      if (isWrong(scene, heldStates, c, desired)) pen.circle(px, py, radius + 3.4, WRONG);
    });
  }
  points.forEach((point, c) => {
    const [px, py] = place(point);
    pen.circle(px, py, radius, pointLook(scene.desired[output][c][o]));
    if (isWrong(scene, states, c)) pen.circle(px, py, radius + 2.2, WRONG);
    if (c === shown) pen.circle(px, py, radius + 4.2, { stroke: theme.accent, width: 2 });
    pen.spot({ kind: "case", index: c, part: 0 }, px - 5, py - 5, 10, 10,
      () => aboutCase(view, c, 0), () => { view.selected = c; });
  });
}

// A small plane for each unit, the outputs first. inPlane: the values of all units at every point of the plane.
function drawUnits(pen, { x, y, w, h }, view, inPlane, [group, unit]) {
  const { scene, plane, states, shown } = view, { theme } = pen, heading = 15, gap = 5;
  const upper = [...scene.groups].reverse().filter((g) => !scene.inputs[g.name]);
  const fit = rowsThatFit(upper.map((g) => g.size), w, h, heading, gap, 56);
  if (!fit) {
    const words = "Too many units for a small plane each: point at one of those under \u201cOne case\u201d.";
    pen.paragraph(words, x, y + 8, w, { colour: theme.quiet });
    return;
  }
  const { side, perRow } = fit;
  let at = y;
  for (const g of upper) {
    pen.text(g.name, x, at + 5, { colour: theme.quiet, size: 12 });
    for (let j = 0; j < g.size; j++) {
      const left = x + (j % perRow) * (side + gap), top = at + heading + Math.floor(j / perRow) * (side + gap);
      plane.draw(pen, left, top, side, inPlane[g.name][j], g.unit);
      if (g === group && j === unit) pen.frame(left - 1, top - 1, side + 2, side + 2, theme.accent, 2);
      pen.spot({ kind: "unit", index: g.name, part: j }, left, top, side, side,
        () => aboutUnit(scene, g, j, states.y[g.name][j][shown]), () => chooseUnit(view, g.name, j));
    }
    at += heading + Math.ceil(g.size / perRow) * (side + gap);
  }
}

// ---- the function of one unit

// {name, x, y, unit} of the unit that the pointer or the keys are on, or that was chosen, or of the output.
function unitOnCurve({ scene, states, shown, on, unit }) {
  const [group, j] = shownUnit(scene, litUnit(on), unit);
  const name = unitName(scene, group, j);
  return { name, x: states.x[group.name][j][shown], y: states.y[group.name][j][shown], unit: group.unit };
}

function drawCurveOfUnit(pen, box, view) {
  const unit = unitOnCurve(view);
  if (hasCurve(unit.unit)) drawLogistic(pen, box, unit);
}

// Without its name, and without powers of ten.
const plainly = (why) => why.replace(/^[^:]*: /, "").replace(/the units of group '(\w+)'/, "the $1 units")
  .replace("of what they can have", "of the steepest possible").replace(/0\.000\d+ %/, "less than .001 %")
  .replace(/[\d.]+e[-\u2212]\d+/g, "less than .0001");

// ---- where the run stands, which the kernel finds out when it is asked

function drawStanding(pen, { x, y, w }, view) {
  const { theme } = pen, { scene, moment, standing } = view, now = performance.now();
  if (standing?.sweep !== moment.sweep) { // not at every frame: it takes the kernel some milliseconds
    if (!(now - view.askedAt < 500)) {
      view.askedAt = now;
      view.send({ type: "where", sweep: moment.sweep });
    }
    clearTimeout(view.askAgain);
    view.askAgain = setTimeout(view.repaint, 600);
  }
  pen.title("Where it stands", x, y + 8, standing ? `sweep ${count(standing.sweep)}` : "", x + w);
  if (!standing) return;
  const asked = standing.name !== "solved" && askedIn(view, scene.asks_for_standing);
  if (asked) {
    drawVeil(pen, x + w, y + 28, "", asked, view.giveUp);
    return;
  }
  const colour = { solved: theme.right, "on the way": theme.ink }[standing.name] ?? theme.wrong;
  pen.text(standing.name, x, y + 28, { size: 13, weight: "600", colour });
  pen.paragraph(plainly(standing.why), x, y + 46, w, { colour: theme.quiet });
}

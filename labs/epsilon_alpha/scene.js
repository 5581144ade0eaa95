// The lab of epsilon and alpha: several lanes on shared axes and the error surface under one of them in the first
// column, the lanes and the map of epsilon and alpha in the second.

import { curvePanel, DASHES } from "../kit/stage/curve.js";
import { contour, diverging, drawContour } from "../kit/stage/field.js";
import { count, FIELD, number, signed, spotKey } from "../kit/stage/pen.js";
import { addScene } from "../kit/stage/scenes.js";

// Colours that everybody can tell apart: tests/test_colours.py.
const LANES = ["#1145c0", "#e06a00", "#073b2e", "#bf7a98", "#7a2b0a", "#149be6"];
const LANES_DARK = ["#3f7dff", "#d9481f", "#4fe3a4", "#c46aa2", "#ffdc4a", "#d9f6ff"];
const LANE_DASHES = [[], ...DASHES];

const coloursOf = ({ theme }) => (theme.dark ? LANES_DARK : LANES);

addScene("race", {
  wordsRoom: 190,
  narrow: 600,
  reach: "lanes and the cells of the map; Enter chooses",

  columns(view, [, second]) {
    const { scene, lanes } = view, mapHeight = cellSide(scene, second) * scene.alphas.length + 120;
    return [
      [
        curvePanel(view, 214, { more: (pen) => curvesOf(pen, view) }),
        { height: 292, draw: (pen, box) => drawSurface(pen, box, view) },
      ],
      [
        { height: 36 + 22 * Math.max(4, lanes.length), draw: (pen, box) => drawLanes(pen, box, view) },
        { height: mapHeight, draw: (pen, box) => drawMap(pen, box, view) },
      ],
    ];
  },

  net: (scene) => ({ links: [{ first: 0, to: 1, from: scene.weights }] }), // the page computes no activity here
  begin(view) {
    view.map ??= null;
    view.surface = null;
    view.lanes ??= [];
    view.lane ??= 0;
  },
  onMessage(view, message) {
    if (message.type === "map") view.map = message;
    if (message.type === "surface") view.surface = message.E ? message : null;
  },
  onPiece(view, { lanes, lane }) { Object.assign(view, { lanes, lane }); },

  selection: ({ lanes, lane, surface, map }) => [lanes[lane], lane, surface?.lane, map?.going],
  describe(view) {
    const { lanes, lane, records, map } = view, [epsilon, alpha] = lanes[lane];
    const E = errorAt(records[Math.min(lane, records.length - 1)], view.t);
    const state = map?.going ? "being filled" : `made of ${count(map?.made ?? 0)} runs`;
    const steered = `the sliders move lane ${lane + 1} of ${lanes.length}`;
    return `${steered}: \u03b5 ${epsilon}, \u03b1 ${alpha}, E ${number(E, 3)}${map ? `. The map is ${state}` : ""}`;
  },
  dataset({ map, surface, lanes, lane, records, t }) {
    return {
      lanes: lanes.map((pair) => pair.join(" ")).join(", "), lane: lane + 1,
      made: map?.made ?? 0, of: map?.of ?? 0, filling: map?.going ?? false,
      surface: surface ? `${surface.lane + 1}` : "", errors: records.map((record) => errorAt(record, t)).join(" "),
    };
  },
});

const errorAt = (record, t) => record.E.array[Math.min(t, record.sweep)];

// The lane that the sliders move is the first curve.
function curvesOf(pen, { records, lane }) {
  const colours = coloursOf(pen), shown = Math.min(lane, records.length - 1);
  const highest = Math.max(...records.map((record) => record.top));
  const curves = records.map(({ E }, k) => ({ E, colour: colours[k], dash: LANE_DASHES[k] }));
  const [{ colour, dash }] = curves.splice(shown, 1);
  return { record: records[shown], others: curves, colour, dash, highest };
}

function drawLanes(pen, { x, y, w }, view) {
  const { theme } = pen, { lanes, records, t, lane } = view, colours = coloursOf(pen), isNarrow = w < 330;
  const [at, then, end] = isNarrow ? [52, 100, 146] : [58, 130, 200];
  pen.title("The lanes, all from the same start", x, y + 8, "click on one to steer it", x + w);
  lanes.slice(0, records.length).forEach(([epsilon, alpha], k) => {
    const top = y + 22 + k * 22, middle = top + 11, record = records[k], E = errorAt(record, t);
    if (k === lane) pen.box(x, top, w, 21, { fill: theme.faint });
    if (view.lit === spotKey("lane", k)) pen.box(x, top, w, 21, { stroke: theme.accent, width: 2 });
    pen.line(x + 6, top + 10.5, x + 32, top + 10.5, colours[k], 2.4, LANE_DASHES[k]);
    pen.text(`${k + 1}`, x + 38, middle, { weight: "600" });
    pen.text(`\u03b5 ${epsilon}`, x + at, middle, { room: then - at - 4 });
    pen.text(`\u03b1 ${alpha}`, x + then, middle, { room: end - then - 4 });
    const solved = record.solved >= 0 && record.solved <= t;
    const [state, colour] = E < Infinity ? [`E ${number(E, 3)}`, theme.ink] : ["diverged", theme.wrong];
    pen.text(state, x + end, middle, { colour });
    const [yes, no] = isNarrow ? ["\u2713", "\u2013"] : ["solved at", "not solved"];
    pen.text(solved ? `${yes} ${count(record.solved)}` : no, x + w - 8, middle,
      { align: "right", colour: solved ? theme.right : theme.quiet });
    const steers = k === lane ? ", which the sliders move" : "; click to steer it";
    pen.spot({ kind: "lane", index: k }, x, top, w, 21,
      () => `lane ${k + 1}: \u03b5 ${epsilon}, \u03b1 ${alpha}${steers}`,
      () => view.send({ type: "lane", lane: k }));
  });
}

// ---- the error surface over the two main directions of a path

const HOW_TO_DRAW = "Let it learn, then press \u201cDraw the surface\u201d: E around the path, over the two " +
  "directions in which it moved most, and the point with its velocity, equation (9).";
const NO_TO_ALL = 4; // E of a net that says "no" to everything: the white of the surface
const HEIGHTS = [0.1, 0.5, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32]; // E on the contour lines

function drawSurface(pen, { x, y, w, h }, { surface, records, t }) {
  const { theme, ctx } = pen, left = x + 26, top = y + 22, wide = w - 26 - 52, high = h - 76;
  const share = surface && `${Math.round(100 * surface.share)} % of its path lies in this plane`;
  pen.title("The error surface under the lane", x, y + 8, surface ? `lane ${surface.lane + 1}; ${share}` : "", x + w);
  if (!surface) {
    pen.frame(x, top, w, high, theme.line);
    pen.paragraph(HOW_TO_DRAW, x + 14, top + 20, w - 28, { colour: theme.quiet });
    return;
  }
  const { x: [x0, x1], y: [y0, y1] } = surface, record = records[surface.lane];
  const box = { x: left, y: top, w: wide, h: high };
  surface.picture ??= pictureOf(surface.E);
  const { image, n, lines, most } = surface.picture;
  ctx.imageSmoothingEnabled = true;
  ctx.drawImage(image, 0, 0, n, n, left, top, wide, high);
  for (const [E, pieces] of lines) drawContour(pen, pieces, box, "#1d1d1d", E === NO_TO_ALL ? 1.6 : 0.6);
  const place = ([a, b]) => [left + ((a - x0) / (x1 - x0)) * wide, top + high - ((b - y0) / (y1 - y0)) * high];
  const quiet = { colour: theme.quiet, size: 12 }, low = top + high + 10;
  const tick = (v) => signed(v, 0) || "0", axes = "\u2192 main direction of the path, \u2191 second";
  for (const v of roundTicks(x0, x1)) pen.text(tick(v), place([v, y0])[0], low, { align: "center", ...quiet });
  for (const v of roundTicks(y0, y1)) pen.text(tick(v), left - 4, place([x0, v])[1], { align: "right", ...quiet });
  pen.text(axes, left, low + 15, { ...quiet, room: wide });
  drawHeights(pen, { x: left + wide + 12, y: top, h: high }, most);
  if (record) {
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, wide, high);
    ctx.clip();
    drawPath(pen, pathOf(surface, record), record.sweeps, t, place, left + wide, coloursOf(pen)[surface.lane]);
    ctx.restore();
  }
  pen.frame(left, top, wide, high, theme.line);
  const velocity = "the line ends where it will be in ten sweeps";
  pen.text(velocity, left, low + 30, { ...quiet, room: w - 26 });
}

function roundTicks(low, high) {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((s) => (high - low) / s <= 6) ?? 1000;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, k) => (first + k) * step);
}

// Blue where E is less than that of "no" to everything, orange where it is more, up to the largest.
function shareOf(E, most) {
  if (E <= NO_TO_ALL) return 1 - E / NO_TO_ALL;
  return -Math.log(E / NO_TO_ALL) / Math.log(Math.max(most / NO_TO_ALL, 1.5));
}

// A picture of a grid of errors, E[row][column] from the lowest row up, and its contour lines.
function pictureOf(E) {
  const n = E.length, values = [...E].reverse().flat().map((e) => e ?? Infinity);
  const most = Math.max(...values.filter((e) => e < Infinity));
  const image = Object.assign(document.createElement("canvas"), { width: n, height: n });
  const ctx = image.getContext("2d"), pixels = ctx.createImageData(n, n);
  values.forEach((e, k) => pixels.data.set([...diverging(0.85 * shareOf(Math.min(e, most), most)), 255], 4 * k));
  ctx.putImageData(pixels, 0, 0);
  const lines = HEIGHTS.map((height) => [height, contour(values, n, height)]).filter(([, pieces]) => pieces.length);
  return { image, n, lines, most };
}

// The colour bar: E at the contour lines.
function drawHeights(pen, { x, y, h }, most) {
  const { theme } = pen, rows = 40, quiet = { colour: theme.quiet, size: 12 };
  const at = (E) => y + h - ((1 - shareOf(E, most)) / 2) * h; // white in the middle
  for (let k = 0; k < rows; k++) {
    const [r, g, b] = diverging(0.85 * (2 * (k + 0.5) / rows - 1));
    pen.rect(x, y + (k / rows) * h, 10, h / rows + 0.5, `rgb(${r}, ${g}, ${b})`);
  }
  let last = Infinity;
  for (const E of [0, ...HEIGHTS.slice(2).filter((height) => height <= most)]) {
    if (last - at(E) < 13) continue;
    last = at(E);
    pen.text(String(E), x + 15, last, quiet);
  }
  pen.text("E", x + 5, y + h + 10, { ...quiet, align: "center" });
}

// The kept weights of a run as points of the plane. They are kept, and grow with the run.
function pathOf(surface, record) {
  const { directions, centre } = surface, weights = centre.length;
  const point = (k) => {
    const w = record.w.array.subarray(k * weights, (k + 1) * weights);
    return directions.map((d) => d.reduce((sum, v, i) => sum + v * (w[i] - centre[i]), 0));
  };
  const { every } = record;
  if (surface.record !== record || surface.every !== every) Object.assign(surface, { record, every, path: [] });
  while (surface.path.length < record.sweeps.length) surface.path.push(point(surface.path.length));
  return surface.path;
}

const LABEL = { colour: "#000", back: "#ffffffc0" };

function drawPath(pen, path, sweeps, t, place, right, colour) {
  const { ctx } = pen;
  Object.assign(ctx, { strokeStyle: colour, lineWidth: 2 });
  ctx.beginPath();
  path.forEach((point, k) => ctx[k ? "lineTo" : "moveTo"](...place(point)));
  ctx.stroke();
  let k = 0;
  while (k + 1 < sweeps.length && sweeps.array[k + 1] <= t) k++;
  const before = Math.max(0, k - 1);
  const scale = 10 / Math.max(1, sweeps.array[k] - sweeps.array[before]); // ten sweeps ahead
  const ahead = path[k].map((now, i) => now + (now - path[before][i]) * scale), [px, py] = place(path[k]);
  pen.line(px, py, ...place(ahead), "#000", 2);
  const [sx, sy] = place(path[0]);
  pen.circle(sx, sy, 4, { fill: "#fff", stroke: "#000" });
  pen.circle(px, py, 5, { fill: colour, stroke: "#fff" });
  const label = (text, x, y) => {
    const isRight = x > right - 45;
    pen.text(text, x + (isRight ? -9 : 9), y - 8, { weight: "600", align: isRight ? "right" : "left", ...LABEL });
  };
  label("start", sx, sy);
  if (Math.hypot(px - sx, py - sy) > 30) label("now", px, py);
}

// ---- the map

function cellSide(scene, w) { return Math.min(17, (w - 40) / scene.epsilons.length); }

function drawMap(pen, { x, y, w }, view) {
  const { theme } = pen, { scene, map, lanes } = view, rows = scene.alphas.length, columns = scene.epsilons.length;
  const side = cellSide(scene, w), left = x + 40, top = y + 40;
  const bottom = top + rows * side, right = left + columns * side;
  const quiet = { colour: theme.quiet }, small = { size: 12, ...quiet };
  const made = map && map.made < map.of ? `; ${count(map.made)} of ${count(map.of)} runs made` : "";
  const note = map ? `white area: share of ${map.seeds} starts solved; ${map.net}${made}` :
    "press \u201cFill the map\u201d: 400 cells, 100 starts each";
  pen.title("The map: who is solved by sweep 1,425", x, y + 8, "", x + w);
  pen.text(note, x, y + 25, { ...quiet, room: w });
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) drawCell(pen, view, r, c, left + c * side, bottom - (r + 1) * side, side);
  }
  const tick = (v) => String(v).replace(/^0\./, ".");
  for (const epsilon of [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3]) {
    const at = left + placeOf(scene.epsilons, epsilon) * side;
    pen.line(at, bottom, at, bottom + 3, theme.quiet);
    pen.text(tick(epsilon), at, bottom + 10, { align: "center", ...small });
  }
  for (const alpha of [0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.96, 0.99]) {
    const at = top + (rows - placeOf(scene.alphas, alpha)) * side;
    pen.line(left - 4, at, left - 1, at, theme.quiet);
    pen.text(tick(alpha), left - 6, at, { align: "right", ...small });
  }
  pen.text("\u03b5", left + (columns * side) / 2 - 10, bottom + 22, { align: "center", ...quiet });
  pen.text("\u03b1", x + 4, top + (rows * side) / 2, quiet);
  const marks = []; // marks that would hide each other stand side by side
  lanes.forEach(([epsilon, alpha], k) => {
    const cy = top + (rows - placeOf(scene.alphas, alpha)) * side;
    let cx = left + placeOf(scene.epsilons, epsilon) * side;
    while (marks.some(([mx, my]) => Math.hypot(mx - cx, my - cy) < 13)) cx += 4;
    marks.push([cx, cy]);
    pen.circle(cx, cy, 7, { fill: theme.paper, stroke: coloursOf(pen)[k], width: 2.4 });
    pen.text(`${k + 1}`, cx, cy + 0.5, { align: "center", size: 12, weight: "600" });
  });
  const help = "point at a cell for its numbers, click to play it in the chosen lane";
  pen.paragraph(help, x, bottom + 42, w, quiet);
  pen.text("numbers: the lanes", right, bottom + 22, { align: "right", ...small });
}

function drawCell(pen, view, r, c, x, y, side) {
  const { scene, map } = view, share = map?.share[r][c] ?? -1, spot = { kind: "cell", index: `${r},${c}` };
  pen.rect(x, y, side - 1, side - 1, FIELD);
  if (share > 0) pen.square(share, x + 0.5, y + 0.5, side - 2);
  if (view.lit === spotKey(spot.kind, spot.index)) pen.frame(x - 1, y - 1, side + 1, side + 1, pen.theme.accent, 2);
  pen.spot(spot, x, y, side, side, () => {
    const half = share < 0 || map.median[r][c] < 0 ? "" : `, half of them by ${count(map.median[r][c])}`;
    const found = share < 0 ? "not yet counted" : `${Math.round(100 * share)} % solved${half}`;
    return `\u03b5 ${scene.epsilons[c]}, \u03b1 ${scene.alphas[r]}: ${found}; click to play it`;
  }, () => view.send({ type: "cell", row: r, column: c }));
}

// Where a value is on the scale of the cells, in cells; it may be between two.
function placeOf(values, v) {
  let k = values.findIndex((one) => one >= v);
  if (k < 0) k = values.length - 1;
  if (k === 0) return 0.5;
  return k - 0.5 + Math.min(1, (v - values[k - 1]) / (values[k] - values[k - 1]));
}

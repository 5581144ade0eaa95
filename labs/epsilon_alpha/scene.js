// The lab of epsilon and alpha: several lanes on shared axes and the error surface under one of them in the first
// column, the map of epsilon and alpha in the second.

import { curvePanel, DASHES } from "../kit/stage/curve.js";
import { count, FIELD, number, spotKey } from "../kit/stage/pen.js";
import { addScene } from "../kit/stage/scenes.js";

// Colours that everybody can tell apart: tests/test_colours.py.
const LANES = ["#1145c0", "#e06a00", "#073b2e", "#bf7a98", "#7a2b0a", "#149be6"];
const LANES_DARK = ["#3f7dff", "#d9481f", "#4fe3a4", "#c46aa2", "#ffdc4a", "#d9f6ff"];
const LANE_DASHES = [[], ...DASHES];

const coloursOf = ({ theme }) => (theme.dark ? LANES_DARK : LANES);

addScene("race", {
  narrow: 640,
  reach: "lanes and the cells of the map; Enter chooses",

  columns(view, [, second]) {
    const { scene, lanes } = view, mapHeight = cellSide(scene, second) * scene.alphas.length + 108;
    return [
      [
        curvePanel(view, 214, { more: (pen) => curvesOf(pen, view) }),
        { height: 36 + 22 * Math.max(4, lanes.length), draw: (pen, box) => drawLanes(pen, box, view) },
        { height: 248, draw: (pen, box) => drawSurface(pen, box, view) },
      ],
      [{ height: mapHeight, draw: (pen, box) => drawMap(pen, box, view) }],
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

function drawSurface(pen, { x, y, w, h }, { surface, records, t }) {
  const { theme, ctx } = pen, top = y + 22, high = h - 56;
  const share = surface && `${Math.round(100 * surface.share)} % of its path lies in this plane`;
  pen.title("The error surface under the lane", x, y + 8, surface ? `lane ${surface.lane + 1}; ${share}` : "", x + w);
  if (!surface) {
    pen.frame(x, top, w, high, theme.line);
    pen.paragraph(HOW_TO_DRAW, x + 14, top + 20, w - 28, { colour: theme.quiet });
    return;
  }
  const { E, x: [x0, x1], y: [y0, y1] } = surface, n = E.length, record = records[surface.lane];
  if (surface.picture?.dark !== theme.dark) surface.picture = { dark: theme.dark, image: shade(E, theme.dark) };
  ctx.imageSmoothingEnabled = true;
  ctx.drawImage(surface.picture.image, 0, 0, n, n, x, top, w, high);
  if (!record) return;
  const place = ([a, b]) => [x + ((a - x0) / (x1 - x0)) * w, top + high - ((b - y0) / (y1 - y0)) * high];
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, top, w, high);
  ctx.clip();
  drawPath(pen, pathOf(surface, record), record.sweeps, t, place, coloursOf(pen)[surface.lane]);
  ctx.restore();
  pen.frame(x, top, w, high, theme.line);
  const low = number(Math.min(...E.flat()), 2), most = number(Math.max(...E.flat()), 1);
  const key = `light: E ${low}, dark: ${most}; the line at the point is where it will be in ten sweeps`;
  pen.text(key, x, top + high + 10, { size: 10, colour: theme.quiet, room: w });
}

// The kept weights of a run as points of the plane. They are kept, and grow with the run.
function pathOf(surface, record) {
  const { directions, centre } = surface, weights = centre.length;
  const point = (k) => {
    const w = record.w.array.subarray(k * weights, (k + 1) * weights);
    return directions.map((d) => d.reduce((sum, v, i) => sum + v * (w[i] - centre[i]), 0));
  };
  if (surface.record !== record) Object.assign(surface, { record, path: [] }); // a new run, or a thinned history
  while (surface.path.length < record.sweeps.length) surface.path.push(point(surface.path.length));
  return surface.path;
}

function drawPath(pen, path, sweeps, t, place, colour) {
  const { ctx, theme } = pen;
  Object.assign(ctx, { strokeStyle: colour, lineWidth: 2 });
  ctx.beginPath();
  path.forEach((point, k) => ctx[k ? "lineTo" : "moveTo"](...place(point)));
  ctx.stroke();
  let k = 0;
  while (k + 1 < sweeps.length && sweeps.array[k + 1] <= t) k++;
  const before = Math.max(0, k - 1);
  const scale = 10 / Math.max(1, sweeps.array[k] - sweeps.array[before]); // ten sweeps ahead
  const ahead = path[k].map((now, i) => now + (now - path[before][i]) * scale), [px, py] = place(path[k]);
  pen.line(px, py, ...place(ahead), theme.ink, 2);
  pen.circle(px, py, 5, { fill: colour, stroke: theme.paper });
}

// A picture of a grid of errors: light where E is low, a line at every tenth of the way up.
function shade(E, dark) {
  const n = E.length, image = Object.assign(document.createElement("canvas"), { width: n, height: n });
  const ctx = image.getContext("2d"), data = ctx.createImageData(n, n), all = E.flat().filter((e) => e < Infinity);
  const low = Math.min(...all), high = Math.max(...all);
  const log = (e) => Math.log((e - low) / (high - low + 1e-12) + 0.02);
  E.forEach((line, r) => line.forEach((e, c) => {
    const share = e < Infinity ? (log(e) - log(low)) / (log(high) - log(low)) : 1, band = Math.floor(share * 12) / 12;
    const grey = dark ? 200 - 150 * band : 250 - 150 * band;
    data.data.set([grey, grey, grey, 255], 4 * ((n - 1 - r) * n + c));
  }));
  ctx.putImageData(data, 0, 0);
  return image;
}

// ---- the map

function cellSide(scene, w) { return Math.min(17, (w - 40) / scene.epsilons.length); }

function drawMap(pen, { x, y, w }, view) {
  const { theme } = pen, { scene, map, lanes } = view, rows = scene.alphas.length, columns = scene.epsilons.length;
  const side = cellSide(scene, w), left = x + 40, top = y + 40;
  const bottom = top + rows * side, right = left + columns * side;
  const quiet = { colour: theme.quiet }, small = { size: 10, ...quiet };
  const made = map && map.made < map.of ? `; ${count(map.made)} of ${count(map.of)} runs made` : "";
  const note = map ? `white: the share of ${map.seeds} starts, ${map.net}${made}` :
    "press \u201cFill the map\u201d: 400 cells, 100 starts each";
  pen.title("The map: who is solved by sweep 1,425", x, y + 8, "", x + w);
  pen.text(note, x, y + 25, { ...quiet, room: w });
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) drawCell(pen, view, r, c, left + c * side, bottom - (r + 1) * side, side);
  }
  for (const c of [0, 5, 10, 15, 19]) {
    pen.text(String(scene.epsilons[c]), left + (c + 0.5) * side, bottom + 8, { align: "center", ...small });
  }
  for (const r of [0, 5, 10, 13, 19]) {
    pen.text(String(scene.alphas[r]), left - 5, top + (rows - 0.5 - r) * side, { align: "right", ...small });
  }
  pen.text("\u03b5", left + (columns * side) / 2 - 10, bottom + 22, { align: "center", ...quiet });
  pen.text("\u03b1", x + 4, top + (rows * side) / 2, quiet);
  lanes.forEach(([epsilon, alpha], k) => {
    const cx = left + placeOf(scene.epsilons, epsilon) * side, cy = top + (rows - placeOf(scene.alphas, alpha)) * side;
    pen.circle(cx, cy, 7, { fill: theme.paper, stroke: coloursOf(pen)[k], width: 2.4 });
    pen.text(`${k + 1}`, cx, cy + 0.5, { align: "center", size: 10, weight: "600" });
  });
  const help = "point at a cell for its numbers, click to play it in the chosen lane";
  pen.text(help, x, bottom + 42, { size: 10.5, ...quiet, room: w });
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

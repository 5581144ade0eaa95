// The lab of epsilon and alpha: several lanes on shared axes and the error surface under one of them in the first column, the
// map of epsilon and alpha in the second.

import { DASHES, drawCurve } from "../kit/stage/curve.js";
import { count, FIELD, number, spotKey } from "../kit/stage/pen.js";
import { addScene } from "../kit/stage/scenes.js";

const LANES = ["#1145c0", "#e06a00", "#073b2e", "#bf7a98", "#7a2b0a", "#149be6"]; // told apart by everybody: tests/test_colours.py
const LANES_DARK = ["#3f7dff", "#d9481f", "#4fe3a4", "#c46aa2", "#ffdc4a", "#d9f6ff"];
const LANE_DASHES = [[], ...DASHES];

addScene("race", {
  columns(width) { return width < 640 ? 1 : 2; },
  first(width) { return this.columns(width) === 2 ? Math.round(width * 0.52) - 14 : width; },
  height(width, scene) {
    const two = this.columns(width) === 2, w = this.first(width), map = this.mapSide(scene, two ? width - w - 30 : width) * scene.alphas.length + 108;
    return two ? Math.max(636, map + 250) : 650 + map;
  },
  mapSide(scene, w) { return Math.min(17, (w - 40) / scene.epsilons.length); },

  net(scene) { return { links: [{ first: 0, to: 1, from: scene.weights }] }; }, // the page computes no activity here
  begin(view) { view.map ??= null; view.surface = null; view.lanes ??= []; view.lane ??= 0; },
  reach: "lanes and the cells of the map; Enter chooses",
  told(view, message) { if (message.type === "map") view.map = message; if (message.type === "surface") view.surface = message.E ? message : null; },
  status(view, { lanes, lane }) { Object.assign(view, { lanes, lane }); },
  chosenIs: ({ lanes, lane, surface, map }) => [lanes[lane], lane, surface?.lane, map?.going],
  chosenNow(view) {
    const { lanes, lane, records, map } = view, r = records[Math.min(lane, records.length - 1)], E = r.E.array[Math.min(view.t, r.sweep)];
    const filled = map ? `. The map is ${map.going ? "being filled" : `made of ${count(map.made)} runs`}` : "";
    return `the sliders move lane ${lane + 1} of ${lanes.length}: \u03b5 ${lanes[lane][0]}, \u03b1 ${lanes[lane][1]}, E ${number(E, 3)}${filled}`;
  },
  tells(view) {
    const { map, surface, lanes, lane } = view;
    return { lanes: lanes.map((l) => l.join(" ")).join(", "), lane: lane + 1, made: map?.made ?? 0, of: map?.of ?? 0, filling: map?.going ?? false,
      surface: surface ? `${surface.lane + 1}` : "", errors: view.records.map((r) => r.E.array[Math.min(view.t, r.sweep)]).join(" ") };
  },

  draw(pen, view) {
    const { width, records, lanes, lane } = view, two = this.columns(width) === 2, w = this.first(width);
    const colours = pen.theme.dark ? LANES_DARK : LANES, shown = Math.min(lane, records.length - 1);
    const others = records.map((r, k) => ({ E: r.E, colour: colours[k], dash: LANE_DASHES[k] })).filter((_, k) => k !== shown);
    const record = records[shown], top = Math.max(...records.map((r) => r.top));
    const plot = drawCurve(pen, { x: 0, y: 0, w, h: 214 }, record, { ...view, others, colour: colours[shown], dash: LANE_DASHES[shown], most: top });
    const below = this.drawLanes(pen, { x: 0, y: 272, w }, view, colours);
    this.drawSurface(pen, { x: 0, y: below + 14, w, h: 620 - below - 14 }, view, colours);
    const second = two ? { x: w + 30, y: 0, w: width - w - 30 } : { x: 0, y: 650, w: width };
    this.drawMap(pen, second, view, lanes, colours);
    return plot;
  },

  drawLanes(pen, { x, y, w }, view, colours) {
    const { theme } = pen, { lanes, records, t, lane } = view, narrow = w < 330, at = narrow ? [52, 100, 146] : [58, 130, 200];
    pen.title("The lanes, all from the same start", x, y, "click on one to steer it", x + w);
    lanes.slice(0, records.length).forEach(([epsilon, alpha], k) => {
      const top = y + 14 + k * 22, r = records[k], E = r.E.array[Math.min(t, r.sweep)], key = spotKey("lane", k);
      if (k === lane) pen.box(x, top, w, 21, { fill: theme.faint });
      if (view.lit === key) pen.box(x, top, w, 21, { stroke: theme.accent, width: 2 });
      pen.line(x + 6, top + 10.5, x + 32, top + 10.5, colours[k], 2.4, LANE_DASHES[k]);
      pen.text(`${k + 1}`, x + 38, top + 11, { weight: "600" });
      pen.text(`\u03b5 ${epsilon}`, x + at[0], top + 11, { room: at[1] - at[0] - 4 });
      pen.text(`\u03b1 ${alpha}`, x + at[1], top + 11, { room: at[2] - at[1] - 4 });
      pen.text(E < Infinity ? `E ${number(E, 3)}` : "diverged", x + at[2], top + 11, { colour: E < Infinity ? theme.ink : theme.wrong });
      const solved = r.solved >= 0 && r.solved <= t;
      pen.text(solved ? `${narrow ? "\u2713" : "solved at"} ${count(r.solved)}` : narrow ? "\u2013" : "not solved", x + w - 8, top + 11, { align: "right", colour: solved ? theme.right : theme.quiet });
      pen.spot({ kind: "lane", index: k }, x, top, w, 21,
        () => `lane ${k + 1}: \u03b5 ${epsilon}, \u03b1 ${alpha}${k === lane ? ", which the sliders move" : "; click to steer it"}`,
        () => view.tell({ type: "lane", lane: k }));
    });
    return y + 14 + Math.max(4, lanes.length) * 22;
  },

  // ---- the error surface over the two main directions of a path

  drawSurface(pen, { x, y, w, h }, view, colours) {
    const { theme, ctx } = pen, { surface, records, t } = view;
    pen.title("The error surface under the lane", x, y + 8, surface ? `lane ${surface.lane + 1}; ${Math.round(100 * surface.share)} % of its path lies in this plane` : "", x + w);
    const top = y + 22, high = h - 40;
    if (!surface) {
      pen.frame(x, top, w, high, theme.line);
      pen.paragraph("Let it learn, then press \u201cDraw the surface\u201d: E around the path, over the two directions in which it moved most, and the point with its velocity, equation (9).",
        x + 14, top + 20, w - 28, { colour: theme.quiet });
      return;
    }
    const { E, x: [x0, x1], y: [y0, y1] } = surface, n = E.length;
    if (surface.picture?.dark !== theme.dark) surface.picture = { dark: theme.dark, image: shade(E, theme.dark) };
    ctx.imageSmoothingEnabled = true;
    ctx.drawImage(surface.picture.image, 0, 0, n, n, x, top, w, high);
    const px = (a) => x + ((a - x0) / (x1 - x0)) * w, py = (b) => top + high - ((b - y0) / (y1 - y0)) * high;
    const r = records[surface.lane];
    if (!r) return;
    const weights = surface.centre.length, at = (k) => {
      const wk = r.w.array.subarray(k * weights, (k + 1) * weights);
      return surface.directions.map((d) => d.reduce((sum, v, i) => sum + v * (wk[i] - surface.centre[i]), 0));
    };
    if (surface.record !== r) Object.assign(surface, { record: r, path: [] }); // a new run, or a thinned history
    while (surface.path.length < r.sweeps.length) surface.path.push(at(surface.path.length));
    ctx.save();
    ctx.beginPath(); ctx.rect(x, top, w, high); ctx.clip();
    ctx.strokeStyle = colours[surface.lane]; ctx.lineWidth = 2; ctx.beginPath();
    surface.path.forEach(([a, b], k) => ctx[k ? "lineTo" : "moveTo"](px(a), py(b)));
    ctx.stroke();
    let k = 0;
    while (k + 1 < r.sweeps.length && r.sweeps.array[k + 1] <= t) k++;
    const [a, b] = surface.path[k], [ax, ay] = surface.path[Math.max(0, k - 1)], step = Math.max(1, r.sweeps.array[k] - r.sweeps.array[Math.max(0, k - 1)]);
    const scale = 10 / step; // the velocity of ten sweeps
    pen.line(px(a), py(b), px(a + (a - ax) * scale), py(b + (b - ay) * scale), theme.ink, 2);
    pen.circle(px(a), py(b), 5, { fill: colours[surface.lane], stroke: theme.paper });
    ctx.restore();
    pen.frame(x, top, w, high, theme.line);
    const low = Math.min(...E.flat()), most = Math.max(...E.flat());
    pen.text(`light: E ${number(low, 2)}, dark: ${number(most, 1)}; the line at the point is where it will be in ten sweeps`, x, top + high + 10, { size: 10, colour: theme.quiet, room: w });
  },

  // ---- the map

  drawMap(pen, { x, y, w }, view, lanes, colours) {
    const { theme } = pen, { scene, map } = view, side = this.mapSide(scene, w), left = x + 40, top = y + 40;
    const rows = scene.alphas.length, columns = scene.epsilons.length;
    pen.title("The map: who is solved by sweep 1,425", x, y + 8, "", x + w);
    pen.text(map ? `white: the share of ${map.seeds} starts, ${map.net}${map.made < map.of ? `; ${count(map.made)} of ${count(map.of)} runs made` : ""}` : "press \u201cFill the map\u201d: 400 cells, 100 starts each",
      x, y + 25, { colour: theme.quiet, room: w });
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        const cx = left + c * side, cy = top + (rows - 1 - r) * side, share = map?.share[r][c] ?? -1, spot = { kind: "cell", index: `${r},${c}` };
        pen.rect(cx, cy, side - 1, side - 1, FIELD);
        if (share > 0) pen.square(share, cx + 0.5, cy + 0.5, side - 2);
        if (view.lit === spotKey(spot.kind, spot.index)) pen.frame(cx - 1, cy - 1, side + 1, side + 1, theme.accent, 2);
        pen.spot(spot, cx, cy, side, side, () => {
          const found = share < 0 ? "not yet counted" : `${Math.round(100 * share)} % solved${map.median[r][c] >= 0 ? `, half of them by ${count(map.median[r][c])}` : ""}`;
          return `\u03b5 ${scene.epsilons[c]}, \u03b1 ${scene.alphas[r]}: ${found}; click to play it`;
        }, () => view.tell({ type: "cell", row: r, column: c }));
      }
    }
    for (const c of [0, 5, 10, 15, 19]) pen.text(String(scene.epsilons[c]), left + (c + 0.5) * side, top + rows * side + 8, { align: "center", size: 10, colour: theme.quiet });
    for (const r of [0, 5, 10, 13, 19]) pen.text(String(scene.alphas[r]), left - 5, top + (rows - 0.5 - r) * side, { align: "right", size: 10, colour: theme.quiet });
    pen.text("\u03b5", left + (columns * side) / 2 - 10, top + rows * side + 22, { align: "center", colour: theme.quiet });
    pen.text("\u03b1", x + 4, top + (rows * side) / 2, { colour: theme.quiet });
    const place = (values, v) => { // between cells, on a scale that the cells have
      let k = values.findIndex((one) => one >= v);
      if (k < 0) k = values.length - 1;
      if (k === 0) return 0.5;
      return k - 0.5 + Math.min(1, (v - values[k - 1]) / (values[k] - values[k - 1]));
    };
    lanes.forEach(([epsilon, alpha], k) => {
      const cx = left + place(scene.epsilons, epsilon) * side, cy = top + (rows - place(scene.alphas, alpha)) * side;
      pen.circle(cx, cy, 7, { fill: theme.paper, stroke: colours[k], width: 2.4 });
      pen.text(`${k + 1}`, cx, cy + 0.5, { align: "center", size: 10, weight: "600" });
    });
    pen.text("point at a cell for its numbers, click to play it in the chosen lane", x, top + rows * side + 42, { size: 10.5, colour: theme.quiet, room: w });
    pen.text("numbers: the lanes", left + columns * side, top + rows * side + 22, { align: "right", size: 10, colour: theme.quiet });
  },
});

// A picture of a grid of errors: light where E is low, a line at every tenth of the way up.
function shade(E, dark) {
  const n = E.length, image = document.createElement("canvas");
  Object.assign(image, { width: n, height: n });
  const ctx = image.getContext("2d"), data = ctx.createImageData(n, n), all = E.flat().filter((e) => e < Infinity);
  const low = Math.min(...all), high = Math.max(...all), log = (e) => Math.log((e - low) / (high - low + 1e-12) + 0.02);
  E.forEach((line, r) => line.forEach((e, c) => {
    const share = e < Infinity ? (log(e) - log(low)) / (log(high) - log(low)) : 1, band = Math.floor(share * 12) / 12;
    const grey = dark ? 200 - 150 * band : 250 - 150 * band;
    data.data.set([grey, grey, grey, 255], 4 * ((n - 1 - r) * n + c));
  }));
  ctx.putImageData(data, 0, 0);
  return image;
}

// The error curve. Its time axis is the time slider, which lies below it as a real slider.

import { count, number, spotKey } from "./pen.js";
import { drawVeil } from "./veil.js";

// The end of the time axis: short at first; it grows in steps, so that the curve does not creep.
function horizonOf(sweeps) {
  let horizon = 100;
  while (horizon < sweeps) horizon *= horizon.toString().startsWith("2") ? 2.5 : 2;
  return horizon;
}

// There is room for four letters.
const shortNumber = (E) => (E >= 1000 ? `${E / 1000}k` : String(E).replace(/^0\./, "."));

const STEPS = [0.1, 1, 10, 100, 1e3, 1e4, 1e5, 1e6].flatMap((power) => [1, 2, 5].map((m) => m * power));

function ticks(top, most) {
  const step = STEPS.find((s) => top / s <= most) || top;
  return Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, k) => k * step);
}

// Curves besides the first differ in their dashes too, not in colour alone.
export const DASHES = [[9, 3], [2, 3], [9, 3, 2, 3], [14, 4], [5, 5], [2, 6]];

// The panel of the error curve: the plot is at most so many pixels high, and the time slider lies below it. more(pen)
// gives `record`, `others`, `colour`, `dash`, `highest` of drawCurve, if they are not those of the view.
export function curvePanel(view, most, { height: wanted = most + 50, more = () => ({}) } = {}) {
  const plot = Math.min(most, Math.max(110, innerHeight * 0.36)); // of a low window, in which Play stays in view
  const height = wanted - (most - plot);
  return {
    height,
    isCurve: true, // it comes first on a narrow page
    draw(pen, { x, y, w }) { view.plot = drawCurve(pen, { x, y, w, h: plot }, { ...view, ...more(pen) }); },
  };
}

// Draws E over the sweeps into the box and returns where the plot lies: {left, right, top, bottom, horizon}.
// others: further errors, {E, colour, name, sweeps, dash}; `sweeps` if they are of kept sweeps only.
// colour, dash: of the first curve. highest: the error that the axis has to reach.
function drawCurve(pen, { x, y, w, h }, how) {
  const { record, t, logarithmic, others = [], compared = [], lit, forget, giveUp } = how, { theme } = pen;
  const { veil = {}, veiled = [] } = how, level = veiled.includes(how.level?.exercise) ? null : how.level;
  const { colour = theme.accent, dash = [], highest = record.top } = how;
  const left = x + 30, right = x + w - 8, top = y + 30, bottom = y + h, horizon = horizonOf(record.sweep);
  const px = (sweep) => left + (sweep / horizon) * (right - left);
  const most = ticks(Math.max(highest, 1) * 1.25, 4), high = Math.max(highest * 1.02, most.at(-1));
  const low = 0.01, log = (E) => Math.log10(Math.max(E, low) / low) / Math.log10(high / low);
  const py = (E) => bottom - (logarithmic ? log(E) : E / high) * (bottom - top);

  pen.title("Error E", x, y + 8);
  const levels = logarithmic ? [0.01, 0.1, 1, 10, 100].filter((E) => E <= high * 1.01) : most;
  for (const E of levels) {
    pen.line(left, py(E), right, py(E), theme.faint);
    pen.text(veil.axis ? "?" : shortNumber(E), left - 5, py(E), { align: "right", colour: theme.quiet, size: 12 });
  }
  if (level && level.E < high) {
    pen.line(left, py(level.E), right, py(level.E), theme.quiet, 1, [4, 3]);
  }
  const levelY = level && level.E < high ? py(level.E) - 8 : -99;
  drawMarks(pen, record.marks, px, { top, bottom, right });
  if (record.solved >= 0) {
    pen.line(px(record.solved), top, px(record.solved), bottom, theme.right, 1.2, [2, 3]);
    const flip = px(record.solved) < left + 90;
    pen.text(`solved ${count(record.solved)}`, px(record.solved) + (flip ? 4 : -4), top - 4,
      { size: 12, colour: theme.right, align: flip ? "left" : "right" });
  }
  pen.ctx.save(); // a kept curve may be higher than the axis, or longer
  pen.ctx.beginPath();
  pen.ctx.rect(left, top - 1, right - left, bottom - top + 2);
  pen.ctx.clip();
  const along = ({ sweeps }) => (sweeps ? (k) => px(sweeps.array[k]) : px);
  compared.forEach((kept, k) => tracePath(pen, kept.E, along(kept), py, theme.quiet, DASHES[k]));
  pen.ctx.restore();
  for (const other of others) tracePath(pen, other.E, along(other), py, other.colour, other.dash);
  tracePath(pen, record.E, px, py, colour, dash);
  if (levelY > 0) { // on top: curves may pass there
    pen.text(level.text, right, levelY, { align: "right", colour: theme.quiet, size: 12, halo: true });
  }
  let row = top + 8; // names of curves, below each other
  const name = (full, ink, pattern, kept) => {
    let text = full;
    if (Math.abs(row - levelY) < 13) row = levelY + 22;
    pen.line(right - 22, row, right, row, ink, 1.6, pattern);
    text = pen.shortened(text, right - left - 40, 10);
    pen.text(text, right - 26, row, { align: "right", size: 12, colour: ink, halo: true });
    const wide = pen.ctx.measureText(text).width + 28;
    if (kept === undefined) { row += 13; return; }
    pen.spot({ kind: "kept", index: kept }, right - wide, row - 6, wide, 12,
      () => `kept to compare: ${full}; click, tap twice or Enter to forget it`, () => forget(kept));
    if (spotKey("kept", kept) === lit) pen.line(right - wide, row, right - 24, row, ink); // struck out
    row += 13;
  };
  compared.forEach((kept, k) => name(kept.name, theme.quiet, DASHES[k], k));
  for (const other of others) if (other.name) name(other.name, other.colour, other.dash);
  const at = Math.min(t, record.sweep), E = record.E.array[at];
  if (E < Infinity) pen.circle(px(at), py(E), 3.5, { fill: colour, stroke: theme.paper });
  const said = E < Infinity ? number(E, E < 0.1 ? 4 : 3) : "not finite", narrow = w < (veil.number ? 340 : 285);
  const head = `${narrow ? "" : "sweep "}${count(at)}   E = `;
  if (veil.number) drawVeil(pen, right, y + 8, head, veil.number, giveUp);
  else pen.text(head + said, right, y + 8, { align: "right", size: 12, weight: "600" });
  const times = ticks(horizon, 4), reached = px(times.at(-1)) > right - 20;
  for (const sweep of times) {
    const last = px(sweep) > right - 20;
    if (!last && px(sweep) > right - 110 && reached) continue; // where the last one stands, with its unit
    pen.text(count(sweep) + (last ? " sweeps" : ""), last ? right : px(sweep), bottom + 30,
      { align: last ? "right" : "center", colour: theme.quiet, size: 12 });
  }
  const end = px(times.at(-1)) + 20, unit = { colour: theme.quiet, size: 12 };
  if (!reached && right + 8 - end > 46) pen.text("sweeps", right + 8, bottom + 30, { align: "right", ...unit });
  return { left, right, top, bottom, horizon };
}

// Where sliders were moved. Moves that lie close together share a label, that of the last.
function drawMarks(pen, marks, px, { top, bottom, right }) {
  marks.forEach(([sweep, text], k) => {
    pen.line(px(sweep), top, px(sweep), bottom, pen.theme.accent, 1, [2, 3]);
    const later = marks.slice(k + 1).some(([s, t]) => px(s) - px(sweep) < 52 && t[0] === text[0]);
    const flip = px(sweep) > right - 60, row = text[0] === "\u03b5" ? 0 : 1;
    if (later) return;
    pen.text(text, px(sweep) + (flip ? -3 : 3), top + 6 + 12 * row,
      { size: 12, halo: true, colour: pen.theme.accent, align: flip ? "right" : "left" });
  });
}

// The curve as one stroke; where many sweeps share a pixel, its lowest and highest error are both drawn.
function tracePath({ ctx, theme }, E, px, py, colour = theme.accent, dash = []) {
  ctx.strokeStyle = colour; ctx.lineWidth = 1.6; ctx.lineJoin = "round";
  ctx.setLineDash(dash);
  ctx.beginPath();
  let column = null, low = 0, high = 0, pen = "moveTo";
  const flush = () => {
    if (column === null) return;
    ctx[pen](column, py(high)); pen = "lineTo";
    if (low !== high) ctx.lineTo(column, py(low));
  };
  const step = E.length > 8000 ? 1 : 0.5; // pixels
  for (let t = 0; t < E.length; t++) {
    const e = E.array[t];
    if (e === null || !(e < Infinity)) continue;
    const at = Math.round(px(t) / step) * step;
    if (at === column) { if (e < low) low = e; if (e > high) high = e; continue; }
    flush();
    column = at; low = high = e;
  }
  flush();
  ctx.stroke();
  ctx.setLineDash([]);
}

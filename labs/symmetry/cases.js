// All cases as a strip of cells: white square = the output's activity, dot = should be on, red rim = wrong side.

import { FIELD } from "../kit/stage/pen.js";

export const sideOfCase = (w, columns) => Math.floor((w + 1) / columns) - 1;

// Returns the height of the strip.
export function drawCases(pen, { x, y, w }, { order, y: outputs, d, right, marked, columns, about, choose }) {
  const pitch = (w + 1) / columns, side = sideOfCase(w, columns), { theme } = pen;
  order.forEach((c, k) => {
    const left = Math.round(x + (k % columns) * pitch), top = y + Math.floor(k / columns) * (side + 1);
    pen.rect(left, top, side, side, FIELD);
    pen.square(outputs[c], left + 1, top + 1, side - 2);
    if (d[c] > 0.5) pen.circle(left + side / 2, top + side / 2, Math.max(1.8, side * 0.12), { fill: "#000" });
    if (!right[c]) pen.frame(left, top, side, side, theme.wrong, 1.5);
    if (marked.includes(c)) pen.frame(left - 1, top - 1, side + 2, side + 2, theme.accent, 2);
    pen.spot({ kind: "case", index: c }, left, top, side, side, () => about(c), () => choose(c));
  });
  return Math.ceil(order.length / columns) * (side + 1);
}

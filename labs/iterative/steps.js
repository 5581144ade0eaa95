// The states of an iterative net, or dE/dx of its units, step by step from left to right.

import { FIELD, largestOf, number, spotKey } from "../kit/stage/pen.js";
import { present } from "./question.js";

const LABEL = 46, BETWEEN = 7; // pixels left of the first step, and between two panels of a step

// Where the panels of the steps stand: steps in a line, the side of a unit, the height of a line of steps.
function gridOf(scene, w, last, back) {
  const isShift = scene.task === "shift register", perLine = scene.task === "search" ? scene.steps + 1 : last + 1;
  const panels = scene.panels.filter((panel) => !back || panel.fed), pitch = (w - LABEL) / perLine;
  const widest = Math.max(...panels.map((panel) => panel.columns));
  const side = Math.max(3, Math.min(isShift ? 20 : 15, (pitch - 8) / widest));
  const gap = isShift && scene.size <= 8 && scene.panels.length === 1 ? 10 : 0; // room for arcs between the units
  const heights = panels.map((panel) => Math.ceil(panel.units / panel.columns) * (side + gap) + BETWEEN);
  const height = heights.reduce((sum, one) => sum + one, 0) + 16;
  return { perLine, panels, pitch, side, gap, heights, height, lines: Math.ceil((last + 1) / perLine) };
}

export function stepsHeight(scene, w, last, back) {
  const { lines, height } = gridOf(scene, w, last, back);
  return 20 + lines * height;
}

// values, desired: by step and group. back: dE/dx in place of states, the last step first. reached: steps that the wave
// has come to.
export function drawSteps(pen, { x, y, w }, view, title, note, { values, last, desired, back = false, reached }) {
  const { scene } = view, { theme } = pen, grid = gridOf(scene, w, last, back), { perLine, pitch, side, panels } = grid;
  const all = values.flatMap((step) => Object.values(step).flat());
  const largest = back ? Math.max(1e-12, largestOf(all)) : 1;
  pen.title(title, x, y + 6, note, x + w);
  for (let t = back ? 1 : 0; t <= last; t++) {
    const place = back ? scene.steps - t : t; // in the order of the wave
    const left = x + LABEL + (t % perLine) * pitch, line = y + 20 + Math.floor(t / perLine) * grid.height;
    if (Math.floor(reached) === place && view.reached !== null) {
      pen.rect(left - 3, line - 3, pitch - 2, grid.height - 4, theme.faint);
    }
    let top = line;
    panels.forEach((panel, p) => {
      const isFirst = t % perLine === 0 || (back && t === 1);
      const centre = top + Math.min(6, (grid.heights[p] - BETWEEN) / 2);
      if (isFirst) pen.text(panel.label, x, centre, { colour: theme.quiet, size: 12 });
      const isReached = place <= reached;
      drawPanel(pen, view, panel, { left, top, t, grid, isReached, back, largest, values, desired, last });
      top += grid.heights[p];
    });
    const isUntrained = t > scene.steps, colour = isUntrained ? theme.held : theme.quiet;
    const label = t === 0 ? "before" : isUntrained ? `${t}, untrained` : `step ${t}`;
    const middle = left + (side * panels[0].columns) / 2;
    pen.text(pitch < 52 && t > 0 ? String(t) : label, middle, top + 2, { align: "center", size: 12, colour });
  }
}

function drawPanel(pen, view, panel, { left, top, t, grid, isReached, back, largest, values, desired, last }) {
  const { scene, ends, presented } = view, { accent } = pen.theme;
  const { side, gap, perLine } = grid, { columns, units } = panel;
  const each = units / panel.groups.length, isInput = !back && t === 0 && scene.task !== "sequences";
  const place = (k) => [left + (k % columns) * side, top + Math.floor(k / columns) * (side + gap)];
  if (!gap) pen.rect(left, top, columns * side, Math.ceil(units / columns) * side, FIELD);
  if (gap && !back && t < last && (t % perLine) + 1 < perLine) drawArcs(pen, view, place, grid);
  for (let k = 0; k < units; k++) {
    const group = panel.groups[Math.floor(k / each)], unit = k % each;
    const value = values[t][group][unit], [cx, cy] = place(k);
    const d = desired?.(group, t), spot = spotOf(isInput, back, k, `${t}.${group}.${unit}`);
    if (gap) pen.rect(cx, cy, side, side, FIELD);
    if (isReached) pen.square(value / largest, cx + 0.5, cy + 0.5, side - 1);
    if (d?.[unit] > 0.5) pen.circle(cx + side / 2, cy + side / 2, Math.max(1.1, side * 0.14), { fill: "#000" });
    const isTarget = ends.target === group && ends.j === unit && t >= 1 && t <= scene.steps;
    const isSource = !back && ends.source === group && ends.i === unit && t < scene.steps;
    if (isTarget || isSource) pen.frame(cx, cy, side, side, accent, 1.5);
    if (view.lit === spotKey(spot.kind, spot.index)) pen.frame(cx, cy, side, side, accent, 2);
    const name = panel.names ? panel.names[unit] : `${group}, unit ${unit + 1}`;
    const at = `${name} ${t ? `at step ${t}` : "before the first step"}`;
    const state = number(value) + (d ? `, should be ${d[unit]}` : "") + (isInput ? "; click to flip" : "");
    const flip = () => present(view, presented.map((on, pixel) => (pixel === k ? 1 - on : on)));
    pen.spot(spot, cx, cy, side, side,
      () => `${at}: ${back ? `\u2202E/\u2202x = ${number(value, 4)}` : state}`, isInput ? flip : null);
  }
}

const spotOf = (isInput, back, k, place) => (
  isInput ? { kind: "given", index: k } : { kind: back ? "x" : "y", index: place }
);

// The weights between the units of one step and those of the next.
function drawArcs(pen, { scene, moment, weight }, place, { side, pitch }) {
  const { first, to, from } = scene.stepLinks.find((l) => l.source === l.target);
  const { accent, negative, positive } = pen.theme;
  const largest = Math.max(1e-9, largestOf(moment.w.slice(first, first + to * from)));
  for (let j = 0; j < to; j++) {
    for (let i = 0; i < from; i++) {
      const k = first + j * from + i, value = moment.w[k], [x1, y1] = place(i), [x2, y2] = place(j);
      const ink = k === weight ? accent : value < 0 ? negative : positive;
      const width = 0.5 + (4 * Math.abs(value)) / largest;
      pen.line(x1 + side, y1 + side / 2, x2 + pitch, y2 + side / 2, ink, width);
    }
  }
}

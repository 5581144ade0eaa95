// Fig. 4: what each person unit looks for, as its weights from the people; or, in their place, what the gradient holds.

import { FIELD, number } from "../kit/stage/pen.js";

const unitsOf = (scene) => scene.groups.find((g) => g.name === "person code").size;
const inTwoColumns = (scene) => unitsOf(scene) > 6;

function cellSide(scene, w) {
  return Math.min(w / scene.families[0].people.length, inTwoColumns(scene) ? 15 : 36 / scene.families.length);
}

export function fieldsHeight(scene) {
  const lines = scene.families.length, two = inTwoColumns(scene), rows = Math.ceil(unitsOf(scene) / (two ? 2 : 1));
  return 40 + rows * (21 + lines * cellSide(scene, Infinity)) + (two ? 0 : 48);
}

export function drawFields(pen, { x, y, w }, view, isPhone) {
  const { theme } = pen, { scene, moment } = view, units = unitsOf(scene), two = inTwoColumns(scene);
  const link = scene.links.find((l) => l.target === "person code" && l.source === "person");
  const values = view.forces ? holdingSizes(view) : moment.w, many = link.from;
  const perLine = scene.families[0].people.length;
  const largest = Math.max(...Array.from(values.slice(link.first, link.first + link.to * many), Math.abs));
  const full = Math.max(largest, scene.halfRange); // fills a cell: squares are not larger than at the start
  pen.title(view.forces ? "What the gradient holds" : "What each person unit looks for (Fig. 4)", x, y + 8, "", x + w);
  const room = view.weightDecay ? w - drawForcesButton(pen, x + w, y + 14, view) - 8 : w;
  const above = scene.families.map((family) => family.name).slice(0, 2).join(" above ");
  const note = many > perLine && !isPhone ? `${above}, ` : "";
  const size = largest >= 0.95 ? number(largest, 1) : largest.toPrecision(1);
  pen.text(`${note}white excites; largest ${size}`, x, y + 23, { colour: theme.quiet, room });

  const across = two ? (w - 16) / 2 : w - 14, side = cellSide(scene, across), lines = Math.ceil(many / perLine);
  const high = 21 + lines * side, cellWidth = across / perLine;
  for (let j = 0; j < units; j++) {
    const left = x + (two ? (j % 2) * (across + 16) : 0), top = y + 38 + (two ? Math.floor(j / 2) : j) * high;
    const first = link.first + j * many, weights = Array.from(values.slice(first, first + many));
    const [caption, isClear] = captionOf(scene, weights, two), colour = isClear ? theme.right : theme.quiet;
    pen.text(`unit ${j + 1}`, left, top + 8, { weight: "600" });
    pen.text(caption, left + across, top + 8, { align: "right", colour, size: two ? 10 : 11 });
    pen.rect(left, top + 17, across, lines * side, FIELD);
    weights.forEach((value, i) => {
      const k = first + i, cellLeft = left + (i % perLine) * cellWidth;
      const cx = cellLeft + (cellWidth - side) / 2, cy = top + 17 + Math.floor(i / perLine) * side;
      pen.square(value / full, cx + 1, cy + 1, side - 2);
      if (view.lit === `w${k}` || view.lit === `p${i}`) pen.frame(cx, cy, side, side, theme.accent, 2);
      pen.spot({ kind: "weight", index: k }, cellLeft, cy, cellWidth, side, () => aboutWeight(view, k));
    });
  }
  if (two) return;
  scene.families[0].people.forEach((name, i) => {
    const cx = x + (i + 0.5) * cellWidth, colour = view.lit === `p${i}` ? theme.accent : theme.quiet;
    pen.slanted(name, cx - 4, y + 38 + units * high + 2, 0.7, { size: 10, colour });
  });
}

// Returns its width.
function drawForcesButton(pen, right, y, view) {
  const { theme } = pen, { forces } = view, isLit = view.lit === "forces";
  const width = forces ? 108 : 96, left = right - width;
  pen.box(left, y, width, 18, { stroke: isLit || forces ? theme.accent : theme.line, width: isLit ? 2 : 1, radius: 9 });
  const colour = forces ? theme.accent : theme.ink;
  pen.text(forces ? "show the weights" : "against decay", left + width / 2, y + 9.5, { align: "center", colour });
  const about = "in place of each weight, the size at which decay and gradient would be in balance";
  pen.spot({ kind: "forces" }, left, y, width, 18, () => about, () => { view.forces = !view.forces; });
  return width;
}

// In balance, decay takes from a weight what epsilon, alpha and the gradient give it:
// w = -epsilon dE/dw (1 - decay) / ((1 - alpha) decay).
function holdingSizes({ net, moment, epsilon, alpha, weightDecay }) {
  const factor = (-epsilon * (1 - weightDecay)) / ((1 - alpha) * weightDecay);
  return net.gradient(moment.w).map((g) => factor * g);
}

function aboutWeight(view, k) {
  const about = view.aboutWeight(k);
  return view.weightDecay ? `${about}; the gradient would hold ${number(holdingSizes(view)[k], 2)}` : about;
}

// What one unit tells apart, in words, and whether it does so clearly.
function captionOf(scene, weights, isShort) {
  const shares = Object.entries(scene.features).map(([name, labels]) => [name, shareBetween(weights, labels)]);
  const [name, share] = shares.sort((a, b) => b[1] - a[1])[0], isMixed = share < 0.4, half = weights.length / 2;
  const alike = () => `, alike ${number(correlation(weights.slice(0, half), weights.slice(half)))}`;
  const saysAlike = scene.alike && !isShort && (isMixed || name !== "nationality");
  const text = isMixed ? "mixed" : `${name} ${Math.round(100 * share)} %`;
  return [text + (saysAlike ? alike() : ""), share >= 0.7];
}

const mean = (values) => values.reduce((sum, v) => sum + v, 0) / values.length;

// The share of the variance of `values` that is between groups of equal labels.
function shareBetween(values, labels) {
  const middle = mean(values), whole = values.reduce((sum, v) => sum + (v - middle) ** 2, 0);
  const groups = [...new Set(labels)].map((label) => values.filter((_, k) => labels[k] === label));
  const between = groups.reduce((sum, group) => sum + group.length * (mean(group) - middle) ** 2, 0);
  return whole > 1e-300 ? between / whole : 0;
}

function correlation(one, other) {
  const centred = (values) => { const m = mean(values); return values.map((v) => v - m); };
  const [a, b] = [centred(one), centred(other)], dot = (p, q) => p.reduce((sum, v, k) => sum + v * q[k], 0);
  return dot(a, b) / Math.max(1e-150, Math.sqrt(dot(a, a) * dot(b, b)));
}

// Fig. 4: what each person unit looks for, as its weights from the people; or, in their place, what the gradient holds.

import { FIELD, number } from "../kit/stage/pen.js";

const unitsOf = (scene) => scene.groups.find((g) => g.name === "person code").size;
const inTwoColumns = (scene) => unitsOf(scene) > 6;

function cellSide(scene, w, isCompact) {
  const most = isCompact ? 13 : inTwoColumns(scene) ? 15 : 36 / scene.families.length;
  return Math.min(w / scene.families[0].people.length, most);
}

const HEAD = 70; // pixels above the first unit: title, order of the columns, a note, brackets
const ORDERS = { generation: "generation", branch: "branch", paper: "paper's order" };

export function fieldsHeight(scene, isCompact) {
  const lines = scene.families.length, two = inTwoColumns(scene), rows = Math.ceil(unitsOf(scene) / (two ? 2 : 1));
  return HEAD + 2 + rows * (21 + lines * cellSide(scene, Infinity, isCompact)) + (two ? 0 : 62);
}

// The unit whose weights are painted on the trees: the one the pointer or the keys are on, or the one chosen.
// {unit, shares}, with the weight from each person as a share of the largest; or null.
export function paintedUnit({ scene, moment, on, unit }) {
  const link = fieldsLink(scene), k = on?.kind === "weight" ? on.index - link.first : -1;
  const lit = on?.kind === "field" ? on.index : k >= 0 && k < link.to * link.from ? Math.floor(k / link.from) : null;
  const shown = lit ?? unit;
  if (shown === null) return null;
  const weights = Array.from(moment.w.slice(link.first + shown * link.from, link.first + (shown + 1) * link.from));
  const largest = Math.max(...weights.map(Math.abs), 1e-9);
  return { unit: shown, shares: weights.map((v) => v / largest) };
}

const fieldsLink = (scene) => scene.links.find((l) => l.target === "person code" && l.source === "person");

// The people of a line in order, as groups: [{label, people: [place in the family]}]; one group in the paper's order.
function groupsOf(scene, sortBy) {
  const people = scene.families[0].people.map((_, i) => i), labels = scene.features[sortBy];
  if (!scene.alike || !labels) return [{ label: "", people }];
  return [...new Set(labels)].map((label) => ({ label, people: people.filter((i) => labels[i] === label) }))
    .filter((group) => group.people.length);
}

// Where the column of each person in a line begins, and the groups with their ends.
function columnsOf(groups, left, across) {
  const gap = 7, many = groups.reduce((n, { people }) => n + people.length, 0);
  const cellWidth = (across - gap * (groups.length - 1)) / many, at = [];
  let x = left;
  const brackets = groups.map(({ label, people }) => {
    const from = x;
    for (const i of people) { at[i] = x; x += cellWidth; }
    x += gap;
    return { label, from, to: x - gap };
  });
  return { at, brackets, cellWidth };
}

export function drawFields(pen, { x, y, w }, view, isPhone, isCompact) {
  const { theme } = pen, { scene, moment } = view, units = unitsOf(scene), two = inTwoColumns(scene);
  const link = fieldsLink(scene), values = view.forces ? holdingSizes(view) : moment.w, many = link.from;
  const perLine = scene.families[0].people.length, groups = groupsOf(scene, view.sortBy);
  const largest = Math.max(...Array.from(values.slice(link.first, link.first + link.to * many), Math.abs));
  const full = Math.max(largest, scene.halfRange); // fills a cell: squares are not larger than at the start
  const looksFor = `What each ${isPhone ? "" : "person "}unit looks for (Fig. 4)`;
  pen.title(view.forces ? "What the gradient holds" : looksFor, x, y + 8, "", x + w);
  if (scene.alike) drawOrders(pen, x, y + 17, view, isPhone);
  if (view.weightDecay) drawForcesButton(pen, x + w, y + 17, view, isPhone);
  const above = scene.families.map((family) => family.name).slice(0, 2).join(" above ");
  const note = many > perLine && !isPhone ? `${above}, ` : "";
  const size = largest >= 0.95 ? number(largest, 1) : largest.toPrecision(1);
  pen.text(`${note}white excites; largest ${size}`, x, y + 45, { colour: theme.quiet, room: w });

  const across = two ? (w - 16) / 2 : w - 14, side = cellSide(scene, across, isCompact);
  const lines = Math.ceil(many / perLine);
  const high = 21 + lines * side;
  for (let j = 0; j < units; j++) {
    const left = x + (two ? (j % 2) * (across + 16) : 0), top = y + HEAD + (two ? Math.floor(j / 2) : j) * high;
    const { at, brackets, cellWidth } = columnsOf(groups, left, across);
    const first = link.first + j * many, weights = Array.from(values.slice(first, first + many));
    const [caption, isClear] = captionOf(view, weights, two), colour = isClear ? theme.right : theme.quiet;
    const isPainted = view.onTrees?.unit === j, ink = isPainted ? theme.accent : theme.ink;
    pen.text(`unit ${j + 1}`, left, top + 8, { weight: "600", colour: ink });
    pen.text(caption, left + across, top + 8, { align: "right", colour, size: two ? 10 : 12, room: across - 50 });
    pen.spot({ kind: "field", index: j }, left, top, across, 16, () => aboutField(view, j, caption),
      () => { view.unit = view.unit === j ? null : j; });
    for (const { from, to } of brackets) pen.rect(from, top + 17, to - from, lines * side, FIELD);
    weights.forEach((value, i) => {
      const k = first + i, cellLeft = at[i % perLine];
      const cx = cellLeft + (cellWidth - side) / 2, cy = top + 17 + Math.floor(i / perLine) * side;
      pen.square(value / full, cx + 1, cy + 1, side - 2);
      if (view.lit === `w${k}` || view.lit === `p${i}`) pen.frame(cx, cy, side, side, theme.accent, 2);
      pen.spot({ kind: "weight", index: k }, cellLeft, cy, cellWidth, side, () => aboutWeight(view, k));
    });
    if (j < (two ? 2 : 1) && brackets.length > 1) drawBrackets(pen, brackets, top - 2);
  }
  if (two) return;
  const { at, cellWidth } = columnsOf(groups, x, across);
  scene.families[0].people.forEach((name, i) => {
    const colour = view.lit === `p${i}` ? theme.accent : theme.quiet;
    pen.slanted(name, at[i] + cellWidth / 2 - 4, y + HEAD + units * high + 2, 0.7, { size: 12, colour });
  });
}

// What stands above the columns of each group.
function drawBrackets(pen, brackets, y) {
  const { quiet } = pen.theme;
  for (const { label, from, to } of brackets) {
    const text = label.replace(" branch", "").replace("first and second", "both");
    pen.line(from, y, to, y, quiet);
    pen.text(text, (from + to) / 2, y - 6, { align: "center", size: 12, colour: quiet, room: to - from });
  }
}

// A button for each order of the columns.
function drawOrders(pen, x, y, view, isPhone) {
  const { theme } = pen, widths = isPhone ? [72, 45, 38] : [82, 54, 92];
  let left = x;
  Object.entries(ORDERS).forEach(([order, name], k) => {
    const isOn = view.sortBy === order, isLit = view.lit === `order${order}`, width = widths[k];
    const text = isPhone ? name.replace("'s order", "") : name;
    pen.box(left, y, width, 18, { stroke: isOn || isLit ? theme.accent : theme.line, width: isLit ? 2 : 1, radius: 9 });
    const look = { align: "center", colour: isOn ? theme.accent : theme.ink, weight: isOn ? "600" : "normal" };
    pen.text(text, left + width / 2, y + 9.5, { ...look, size: isPhone ? 11 : 12, room: width - 8 });
    pen.spot({ kind: "order", index: order }, left, y, width, 18,
      () => `people sorted by ${order === "paper" ? "the order of the paper" : order}`, () => { view.sortBy = order; });
    left += width + (isPhone ? 4 : 5);
  });
}

function aboutField(view, j, caption) {
  const share = caption.includes("%") ? "; %: share of its weights' variance between these groups" : "";
  const alike = caption.includes("alike") ? "; alike: correlation of English and Italian weights" : "";
  const paints = view.unit === j ? "takes it off" : "paints it on";
  return `unit ${j + 1}: ${caption}; click or Enter ${paints} the trees${share}${alike}`;
}

function drawForcesButton(pen, right, y, view, isPhone) {
  const { theme } = pen, { forces } = view, isLit = view.lit === "forces";
  const width = isPhone ? 80 : forces ? 110 : 96, left = right - width;
  pen.box(left, y, width, 18, { stroke: isLit || forces ? theme.accent : theme.line, width: isLit ? 2 : 1, radius: 9 });
  const colour = forces ? theme.accent : theme.ink;
  const text = forces ? "show the weights" : "against decay";
  pen.text(text, left + width / 2, y + 9.5, { align: "center", size: 12, colour, room: width - 6 });
  const about = "in place of each weight, the size at which decay and gradient would be in balance";
  pen.spot({ kind: "forces" }, left, y, width, 18, () => about, () => { view.forces = !view.forces; });
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
function captionOf({ scene, veiled }, weights, isShort) {
  const shares = Object.entries(scene.features).map(([name, labels]) => [name, shareBetween(weights, labels)]);
  const [name, share] = shares.sort((a, b) => b[1] - a[1])[0], isMixed = share < 0.4, half = weights.length / 2;
  const alike = () => `, alike ${number(correlation(weights.slice(0, half), weights.slice(half)))}`;
  if (!isMixed && name === "nationality" && veiled.includes("04.5")) return ["? exercise 04.5", false];
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

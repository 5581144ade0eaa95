// The 2-2-1 network of the procedure lab, with every number of the present step on its arc or unit, and the logistic
// curve below it.

import { drawLogistic } from "../kit/stage/logistic.js";
import { FIELD, subscript } from "../kit/stage/pen.js";

const UNIT_NAMES = { h1: "h\u2081", h2: "h\u2082", output: "output" };
const ROW_NAMES = { d: "desired", x: "x", dE_dy: "\u2202E/\u2202y", dE_dx: "\u2202E/\u2202x" };
const CURVE_TOP = 472, CURVE_HEIGHT = 106; // of the logistic curve, below the network
export const HEIGHT = CURVE_TOP + CURVE_HEIGHT;
const HIDDEN = ["h1", "h2"], INPUTS = ["input 1", "input 2"];

// What a step makes, what it looks at, and which way it goes: 1 is up, -1 down.
const ACTS = [
  { makes: [], arcs: [], flow: 0, says: "" },
  { makes: ["h1 x", "h1 y", "h2 x", "h2 y"], arcs: HIDDEN, flow: 1, says: "states flow up" },
  { makes: ["output x", "output y"], arcs: ["output"], flow: 1, says: "states flow up" },
  { makes: ["output d", "output dE_dy"], arcs: [], flow: 0, says: "is it right?" },
  { makes: ["output dE_dx"], arcs: [], flow: -1, says: "error flows back" },
  { makes: ["h1 dE_dy", "h2 dE_dy"], arcs: ["output"], notBias: true, flow: -1, says: "error flows back" },
  { makes: ["h1 dE_dx", "h2 dE_dx"], arcs: [], flow: -1, says: "error flows back" },
  { makes: ["weights"], arcs: ["output", ...HIDDEN], flow: 0, says: "\u2202 is \u2202E/\u2202w, below its w" },
  { makes: ["weights"], arcs: ["output", ...HIDDEN], flow: 0, says: "\u0394 is \u0394w, below the new w" },
];

function placesOf(width) {
  const narrow = width < 430, middle = width / 2, radius = narrow ? 25 : 29;
  const left = narrow ? width * 0.335 : Math.max(width * 0.29, middle - 110), right = width - left;
  const units = {
    output: { x: middle, y: 62 }, h1: { x: left, y: 234 }, h2: { x: right, y: 234 },
    "input 1": { x: left, y: 428 }, "input 2": { x: right, y: 428 },
  };
  const box = narrow ? { w: 58, h: 30, size: 11 } : { w: 66, h: 32, size: 11.5 };
  const away = narrow ? left * 0.5 : 68; // of a label from its unit
  const bias = {
    output: { x: middle - radius - away - box.w / 2 - 14, y: 62, label: { x: middle - radius - away / 2 - 16, y: 62 } },
    h1: { x: left - away * 1.72, y: 314, label: { x: left - away, y: 280 } },
    h2: { x: right + away * 1.72, y: 314, label: { x: right + away, y: 280 } },
  };
  bias.h1.x = Math.max(12, bias.h1.x); bias.h2.x = Math.min(width - 12, bias.h2.x);
  return { narrow, width, radius, units, bias, box };
}

// Where the arc of a weight runs and where its numbers stand.
function arcOf({ upper, lower }, { units, bias, radius, narrow }) {
  const to = units[upper];
  if (lower === "bias") return { from: bias[upper], to, gap: 10, label: bias[upper].label };
  const from = units[lower], share = upper === "output" ? 0.46 : from.x === to.x ? 0.6 : narrow ? 0.21 : 0.27;
  const label = { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
  return { from, to, gap: lower.startsWith("input") ? 19 : radius, label };
}

export function drawProcedure(pen, { scene, lit }, width) {
  const { theme } = pen, places = placesOf(width), act = ACTS[scene.step];
  const isOn = (weight) => act.arcs.includes(weight.upper) && !(act.notBias && weight.lower === "bias");
  const largest = Math.max(1, ...scene.weights.map((weight) => Math.abs(weight.value)));
  const arcs = scene.weights.map((weight, k) => ({ weight, k, on: isOn(weight), ...arcOf(weight, places) }));

  pen.title("The network", 0, 9, "pale +, dark \u2212, width = size", width);
  for (const arc of arcs) drawArc(pen, arc, places, largest, act.flow, lit);
  for (const [unit, at] of Object.entries(places.bias)) {
    pen.circle(at.x, at.y, 10, { fill: theme.paper, stroke: theme.quiet, width: 1 });
    pen.text("1", at.x, at.y + 0.5, { align: "center", size: 10, colour: theme.quiet });
    if (places.narrow && unit !== "output") continue;
    pen.text("bias", at.x, at.y + 18, { align: "center", size: 10, colour: theme.quiet });
  }
  for (const arc of arcs) drawArcLabel(pen, arc, places, scene, act.makes.includes("weights"), lit);
  for (const unit of INPUTS) drawInput(pen, unit, scene.units[unit], places, act);
  for (const unit of [...HIDDEN, "output"]) drawUnit(pen, unit, scene.units[unit], places, act, lit);
  drawFlow(pen, act, places);

  addSpotsOnArcs(pen, arcs, scene);
  drawCurve(pen, { scene, lit }, act, width);
}

// The logistic curve with the unit that is pointed at, or that this step is about; empty until a unit has an output.
function drawCurve(pen, { scene, lit }, { makes }, width) {
  const isKnown = (unit) => scene.units[unit].y, about = makes.map((made) => made.split(" ")[0]);
  const unit = [lit?.slice(1), ...about, "output", "h1"].find((name) => UNIT_NAMES[name] && isKnown(name));
  const value = (text) => Number(text.replace("\u2212", "-"));
  const { x, y, dE_dx: isBack } = scene.units[unit] ?? {}, box = { x: 0, y: CURVE_TOP, w: width, h: CURVE_HEIGHT };
  const shown = unit && { name: UNIT_NAMES[unit], x: value(x), y: value(y), hasSlope: Boolean(isBack) };
  drawLogistic(pen, box, shown ?? null);
}

// The arcs themselves can be pointed at, where no label is.
function addSpotsOnArcs(pen, arcs, scene) {
  const isNear = (s, x, y) => x > s.x - 7 && x < s.x + s.w + 7 && y > s.y - 7 && y < s.y + s.h + 7;
  const labels = [...pen.spots];
  for (const { from, to, k, weight } of arcs) {
    const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 9);
    for (let i = 2; i < steps - 1; i++) {
      const x = from.x + (i / steps) * (to.x - from.x), y = from.y + (i / steps) * (to.y - from.y);
      if (labels.some((label) => isNear(label, x, y))) continue;
      pen.spot({ kind: "weight", index: k }, x - 6, y - 6, 12, 12, () => aboutWeight(weight, scene));
    }
  }
}

function drawArc(pen, { weight, from, to, gap, on, k }, { radius }, largest, flow, lit) {
  const { theme } = pen, far = Math.hypot(to.x - from.x, to.y - from.y);
  const ux = (to.x - from.x) / far, uy = (to.y - from.y) / far;
  const at = (d) => [from.x + d * ux, from.y + d * uy], start = at(gap), end = at(far - radius);
  const colour = on || lit === `w${k}` ? theme.accent : weight.value < 0 ? theme.negative : theme.positive;
  pen.line(...start, ...end, colour, 1 + (3 * Math.abs(weight.value)) / largest);
  if (on && flow) {
    const [tx, ty] = flow > 0 ? at(far - radius - 1) : at(gap + 1), size = 9 * flow, { ctx } = pen;
    ctx.fillStyle = theme.accent;
    ctx.beginPath();
    ctx.moveTo(tx, ty);
    ctx.lineTo(tx - size * ux - 0.5 * size * uy, ty - size * uy + 0.5 * size * ux);
    ctx.lineTo(tx - size * ux + 0.5 * size * uy, ty - size * uy - 0.5 * size * ux);
    ctx.fill();
  }
}

function drawArcLabel(pen, { weight, label, on, k }, { box }, scene, weightsMade, lit) {
  const { theme } = pen, { w, h, size } = box, x = label.x - w / 2, y = label.y - h / 2;
  const isLit = lit === `w${k}`, isChange = scene.step === 8, two = isChange || weight.dE_dw;
  const tall = two ? h : h * 0.56;
  pen.rect(x, y, w, tall, theme.paper);
  if (weight.checked || isLit) pen.frame(x, y, w, tall, theme.accent, isLit ? 2 : 1);
  const colour = on && !(weightsMade && scene.step === 7) ? theme.accent : theme.ink;
  pen.text(weight.w, label.x, label.y - h * 0.22, { align: "center", size, colour, weight: on ? "600" : "normal" });
  const below = isChange ? `\u0394 ${weight.delta_w}` : `\u2202 ${weight.dE_dw}`;
  const quiet = { align: "center", size: size - 1, colour: weightsMade ? theme.accent : theme.quiet };
  if (two) pen.text(below, label.x, label.y + h * 0.25, quiet);
  pen.spot({ kind: "weight", index: k }, x, y, w, h, () => aboutWeight(weight, scene));
}

function drawInput(pen, unit, { state }, { units }, { makes }) {
  const { x, y } = units[unit], side = 34, { theme } = pen;
  pen.rect(x - side / 2, y - side / 2, side, side, FIELD);
  pen.square(state, x - side / 2 + 5, y - side / 2 + 5, side - 10);
  const colour = makes.includes("h1 x") ? theme.accent : theme.ink;
  pen.text(`${unit} = ${state}`, x, y + 28, { align: "center", size: 11.5, colour });
}

function drawUnit(pen, unit, values, { units, radius, narrow, width }, { makes }, lit) {
  const { x, y } = units[unit], { theme } = pen, size = narrow ? 10.5 : 11.5;
  const isNow = (what) => makes.includes(`${unit} ${what}`), now = ["x", "y", "d", "dE_dy", "dE_dx"].some(isNow);
  const stroke = now || lit === `u${unit}` ? theme.accent : theme.ink;
  pen.circle(x, y, radius, { fill: theme.paper, stroke, width: now ? 2.4 : 1.4 });
  const colour = isNow("y") ? theme.accent : values.y ? theme.ink : theme.quiet;
  const weight = values.y ? "700" : "normal";
  pen.text(values.y ?? "y", x, y, { align: "center", size: narrow ? 11 : 13, weight, colour });
  const wide = narrow ? 86 : 102; // of the column of numbers beside the unit
  const begin = {
    h1: Math.max(0, x - radius - 12 - wide), h2: Math.min(width - wide, x + radius + 12), output: x + radius + 14,
  }[unit];
  const rows = unit === "output" ? ["x", "d", "dE_dy", "dE_dx"] : ["x", "dE_dy", "dE_dx"], pitch = 17;
  const top = y - (unit === "output" ? 1.5 * pitch : 1.75 * pitch);
  const name = { size: 12, weight: "600" };
  if (unit === "h1") pen.text(UNIT_NAMES.h1, x + radius + 7, y, { align: "left", ...name });
  if (unit === "h2") pen.text(UNIT_NAMES.h2, x - radius - 7, y, { align: "right", ...name });
  rows.forEach((row, i) => {
    const ink = isNow(row) ? theme.accent : theme.ink;
    pen.text(ROW_NAMES[row], begin, top + i * pitch, { size, colour: isNow(row) ? theme.accent : theme.quiet });
    const number = { size, colour: values[row] ? ink : theme.quiet, weight: isNow(row) ? "600" : "normal" };
    pen.text(values[row] ?? "\u00b7", begin + wide, top + i * pitch, { align: "right", ...number });
  });
  if (unit === "output") pen.text("output", x, y - radius - 9, { align: "center", ...name });
  const across = 2 * radius;
  pen.spot({ kind: "unit", index: unit }, x - radius, y - radius, across, across, () => aboutUnit(unit, values));
}

function drawFlow(pen, { flow, says }, { narrow }) {
  if (!says) return;
  const { theme, ctx } = pen, x = narrow ? 22 : 44, top = 136, bottom = 188;
  pen.text(says, narrow ? 0 : 10, 120, { size: 11, colour: theme.accent });
  if (!flow) return;
  ctx.strokeStyle = ctx.fillStyle = theme.accent;
  ctx.lineWidth = 1.8;
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.quadraticCurveTo(x - 18, (top + bottom) / 2, x, bottom);
  ctx.stroke();
  const [y, way] = flow > 0 ? [top - 5, 1] : [bottom + 5, -1];
  ctx.beginPath();
  ctx.moveTo(x + 2, y);
  ctx.lineTo(x - 7, y + way * 6);
  ctx.lineTo(x + 4, y + way * 11);
  ctx.fill();
}

function aboutUnit(unit, { x, y, dE_dy, dE_dx }) {
  if (!y) return `${UNIT_NAMES[unit]}: nothing computed yet`;
  const back = (dE_dy ? `, \u2202E/\u2202y = ${dE_dy}` : "") + (dE_dx ? `, \u2202E/\u2202x = ${dE_dx}` : "");
  return `${UNIT_NAMES[unit]}: x = ${x}, y = ${y}${back}`;
}

function aboutWeight({ name, w, dE_dw, gathered, delta_w: change }, { step }) {
  const title = name.replace(/_(\d)/g, (_, n) => subscript(n)), gradient = dE_dw ? `, \u2202E/\u2202w = ${dE_dw}` : "";
  const changes = step === 8 ? `, \u0394w = ${change}, from ` : `${gradient}, last \u0394w = ${change}, `;
  return `${title}: w = ${w}${changes}accumulated \u2202E/\u2202w = ${gathered}`;
}

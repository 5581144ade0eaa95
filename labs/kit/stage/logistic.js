// The function of a unit, the logistic of equation (2) or tanh, with one unit on it: a dot at its total input and
// output, and the tangent there, whose slope is the share of the error that equation (5) lets back through the unit.

import { number, signed } from "./pen.js";
import { drawVeil } from "./veil.js";

const REACH = 8; // total inputs beyond this are drawn at the edge: there the curve is flat
const CURVES = {
  logistic: {
    low: 0, of: (x) => 1 / (1 + Math.exp(-x)), slope: (y) => y * (1 - y), says: "y(1 \u2212 y)", about: "equation (2)",
  },
  tanh: { low: -1, of: Math.tanh, slope: (y) => 1 - y * y, says: "1 \u2212 y\u00b2", about: "tanh" },
};

const SMALLEST = 0.0001; // slope that is given as a number

// A small share in words that a student reads: .098, .0021, or "less than .0001".
export const share = (v) => {
  if (v >= 0.0995) return number(v, 2).replace(/^0/, "");
  return v >= SMALLEST ? number(v, v < 0.00995 ? 4 : 3).replace(/^0/, "") : "less than .0001";
};

export const aboutCurve = ({ name, x, y, unit = "logistic", asked = null }) => {
  const { slope, says } = CURVES[unit], steep = asked ? "" : `, slope ${says} ${share(slope(y))}`;
  return `${name}: total input ${signed(x, 1) || "0"}, output ${number(y, 2)}${steep}`;
};

export const hasCurve = (unit) => unit in CURVES;

// Draws a title, the curve, and the numbers of a unit beside it: {name, x, y, unit, hasSlope, asked}. `unit` is the
// name of its function; without `hasSlope` the tangent is left out. asked: {exercise, giveUp} of an open exercise that
// asks for the slope. null: the curve alone.
export function drawLogistic(pen, box, given) {
  const shown = given?.asked ? { ...given, hasSlope: false } : given;
  const { x: left, y: top, w, h } = box, { unit = "logistic" } = shown ?? {}, { low, of, about } = CURVES[unit];
  const { theme, ctx } = pen, plotWidth = Math.min(190, w * 0.48), plotTop = top + 24, plotHeight = h - 44;
  const px = (v) => left + 22 + ((clipped(v) + REACH) / (2 * REACH)) * (plotWidth - 22);
  const py = (v) => plotTop + ((1 - v) / (1 - low)) * plotHeight, quiet = { size: 12, colour: theme.quiet };
  pen.title("From total input to output", left, top + 8, about, left + w);
  for (const level of [low, 1]) {
    pen.line(px(-REACH), py(level), px(REACH), py(level), theme.faint);
    pen.text(number(level, 0), left + 12, py(level), { align: "right", ...quiet });
  }
  pen.line(px(0), py(low), px(0), py(1), theme.faint);
  for (const v of [-REACH, 0, REACH]) pen.text(signed(v, 0) || "0", px(v), py(low) + 11, { align: "center", ...quiet });
  Object.assign(ctx, { strokeStyle: theme.ink, lineWidth: 1.6 });
  ctx.beginPath();
  for (let k = 0; k <= 64; k++) ctx.lineTo(px(REACH * (k / 32 - 1)), py(of(REACH * (k / 32 - 1))));
  ctx.stroke();
  const beside = left + plotWidth + 18, how = { size: 12, room: left + w - beside };
  if (!shown) {
    pen.text("no unit has an output yet", beside, plotTop + 4, { ...how, colour: theme.quiet });
    return;
  }
  drawTangent(pen, { left: px(-REACH), right: px(REACH), top: plotTop, h: plotHeight }, px, py, shown);
  linesOf(shown).forEach(([text, look], k) => {
    pen.text(text, beside, plotTop + 4 + 17 * k, { ...how, ...(look === "slope" ? { colour: theme.accent } : {}),
      weight: look ? "600" : "normal" });
  });
  const { exercise, giveUp } = shown.asked ?? {};
  if (exercise) drawVeil(pen, left + w, plotTop + 60, "slope ", exercise, giveUp);
}

const clipped = (x) => Math.max(-REACH, Math.min(REACH, x));

function linesOf({ name, x, y, unit = "logistic", hasSlope = true }) {
  const { slope: slopeOf, says } = CURVES[unit], slope = slopeOf(y);
  const steep = slope >= SMALLEST ? `= ${share(slope)}` : "< .0001";
  return [
    [name, "name"], [`x = ${signed(x, 1) || "0"}`], [`y = ${number(y, 2)}`],
    ...(hasSlope ? [[`${says} ${steep}`, "slope"]] : []),
  ];
}

// The unit as a dot on the curve, and the tangent there, cut off at the rim of the plot.
function drawTangent(pen, plot, px, py, { x, y, unit = "logistic", hasSlope = true }) {
  const { theme, ctx } = pen, at = clipped(x), slope = CURVES[unit].slope(y), reach = 2.2; // to each side
  if (hasSlope) {
    ctx.save();
    ctx.beginPath();
    ctx.rect(plot.left, plot.top - 5, plot.right - plot.left, plot.h + 10);
    ctx.clip();
    pen.line(px(at - reach), py(y - reach * slope), px(at + reach), py(y + reach * slope), theme.accent, 2.2);
    ctx.restore();
  }
  pen.circle(px(at), py(y), 4.5, { fill: theme.accent, stroke: theme.paper });
}

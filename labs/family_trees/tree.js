// A family tree as in Fig. 2, with the answer to the question on it.

import { FIELD, number } from "../kit/stage/pen.js";

const HEIGHT = 20; // of a person's box
const CONDENSED = 0.58; // names are condensed to this share of their width, then shortened

// pitch: pixels from one generation to the next.
export const treeHeight = (family, pitch) => 24 + pitch * family.rows - (pitch < 38 ? 12 : 0);

export function drawTree(pen, { x, y, w }, view, family, pitch, ask) {
  const unit = w / family.width, box = Math.min(unit, 92);
  const place = ([column, row]) => ({ cx: x + column * unit, cy: y + 10 + row * pitch });
  const places = family.places.map(place);
  drawLines(pen, family, place, places, box, pitch);
  const fitted = fitNames(pen, view.people, box);
  family.people.forEach((name, k) => drawPerson(pen, view, family.first + k, name, places[k], box, fitted, ask));
}

function drawLines(pen, family, place, places, box, pitch) {
  const ink = pen.theme.quiet;
  for (const [a, b] of family.marriages) {
    const [one, other] = [places[a], places[b]];
    for (const dy of [-1.5, 1.5]) pen.line(one.cx + box / 2, one.cy + dy, other.cx - box / 2, other.cy + dy, ink);
  }
  for (const [a, b] of family.unmarried) pen.line(places[a].cx, places[a].cy, places[b].cx, places[b].cy, ink);
  for (const [column, row, children] of family.descents) {
    const { cx, cy } = place([column, row]), ends = children.map((k) => places[k]);
    const bar = ends[0].cy - pitch / 2 + 1, xs = [cx, ...ends.map((end) => end.cx)];
    pen.line(cx, cy + 1.5, cx, bar, ink);
    pen.line(Math.min(...xs), bar, Math.max(...xs), bar, ink);
    for (const end of ends) pen.line(end.cx, bar, end.cx, end.cy - HEIGHT / 2, ink);
  }
}

// The size of all names, and a function that shortens a name that is still too wide: it then ends in a full stop.
function fitNames(pen, people, box) {
  const widthOf = (name, weight, size) => {
    pen.ctx.font = `${weight} ${size}px ${pen.theme.font}`;
    return pen.ctx.measureText(name).width;
  };
  const widest = Math.max(...people.map((name) => widthOf(name, "600", 12)));
  const size = widest > box - 5 ? Math.max(10, (12 * (box - 5)) / widest) : 12;
  const shorten = (name, weight) => {
    let short = name;
    const text = () => (short === name ? name : `${short}.`);
    while (short.length > 4 && CONDENSED * widthOf(text(), weight, size) > box - 3) short = short.slice(0, -1);
    return text();
  };
  return { size, shorten };
}

function drawPerson(pen, view, p, name, { cx, cy }, box, { size, shorten }, ask) {
  const { theme } = pen, left = cx - box / 2, top = cy - HEIGHT / 2;
  const isAsked = p === view.asked.person, on = view.answer[p], isDesired = view.desired.includes(p);
  const isWrong = on > 0.5 !== isDesired && view.known !== "none", isLit = view.lit === `p${p}`;
  const rim = isWrong ? theme.wrong : isDesired ? theme.right : isLit ? theme.accent : theme.line;
  pen.rect(left, top, box, HEIGHT, theme.paper);
  pen.box(left, top, box, HEIGHT, { fill: isAsked ? theme.accent : theme.right, share: isAsked ? 1 : 0.5 * on });
  pen.box(left, top, box, HEIGHT, { stroke: rim, width: isWrong || isDesired || isLit ? 2 : 1 });
  if (view.onTrees) { // the weight of a unit from this person
    pen.rect(left - 3, top - 6, 13, 13, FIELD);
    pen.square(view.onTrees.shares[p], left - 2.5, top - 5.5, 12);
  }
  if (isWrong || isDesired) {
    const mark = { align: "center", size: 12, weight: "700", colour: rim, halo: true };
    pen.text(isWrong ? "\u2717" : "\u2713", left + box - 2, top - 1, mark);
  }
  const weight = isAsked || isDesired ? "600" : "normal", colour = isAsked ? theme.paper : theme.ink;
  pen.text(shorten(name, weight), cx, cy + 0.5, { align: "center", size, weight, colour, within: box - 4 });
  const states = [[isDesired, "should be on"], [isWrong, "wrong"], [isAsked, "who is asked about"]];
  const state = states.filter(([holds]) => holds).map(([, text]) => `, ${text}`).join("");
  const about = () => `${name}: ${number(on)}${state}`;
  pen.spot({ kind: "person", index: p }, left, top, box, HEIGHT, about, () => ask(p));
}

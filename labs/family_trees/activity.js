// The activity of every layer, as in Fig. 3: the question at the bottom, the answer at the top.

import { FIELD, number } from "../kit/stage/pen.js";

const STRIP = 62; // pixels of all codes in one line

export const activityHeight = ({ families }, isCompact) => (isCompact ? STRIP : 146 + 26 * families.length);

export function drawActivity(pen, box, view, isCompact) {
  if (isCompact) drawCodes(pen, box, view); else drawLayers(pen, box, view);
}

// The codes from left to right; question and answer are on the trees.
function drawCodes(pen, { x, y, w }, view) {
  const { activity, reached } = view, { quiet } = pen.theme, gap = 16;
  const codes = [["person code", "person", 1], ["relationship code", "relation", 1], ["centre", "centre", 2],
    ["answer code", "answer", 3]];
  const many = codes.reduce((n, [name]) => n + activity[name].length, 0);
  const cell = Math.min(14, (w - gap * (codes.length - 1)) / many);
  pen.title("Activity (Fig. 3)", x, y + 6, "from question to answer", x + w);
  let left = x;
  codes.forEach(([name, short, k], place) => {
    const states = activity[name], wide = states.length * cell, how = { bx: left, by: y + 20, columns: states.length };
    drawStates(pen, { ...how, states, cell, isReached: reached >= k, dots: [] }, spotsOf(pen, name, cell));
    pen.text(`${states.length} ${short}`, left, y + 30 + cell, { size: 12, colour: quiet, room: wide + gap - 4 });
    left += wide;
    const leads = place === 1 || place === 2, arrow = { align: "center", size: 12, colour: quiet };
    if (leads) pen.text("\u2192", left + gap / 2, y + 20 + cell / 2, arrow);
    left += gap;
  });
}

const spotsOf = (pen, name, cell, about = (k) => `${name}, unit ${k + 1}`) => (k, cx, cy, v) => {
  pen.spot({ kind: "activity", index: name, part: k }, cx, cy, cell, cell, () => `${about(k)}: ${number(v)}`);
};

function drawLayers(pen, { x, y, w }, view) {
  const { activity, scene, people, asked, desired } = view, { quiet } = pen.theme, left = x + 66;
  const lines = scene.families.length, perLine = people.length / lines, across = scene.families[0].people.length;
  const cell = Math.min(13, (w - 66 - 26) / (across + 12)), centre = left + (across * cell) / 2;
  const size = (name) => scene.groups.find((g) => g.name === name).size;
  const layer = (name, states, bx, by, columns = states.length, isReached = true, dots = []) => {
    const spot = spotsOf(pen, name, cell, name === "answer" ? (k) => people[k] : undefined);
    drawStates(pen, { states, bx, by, columns, cell, isReached, dots }, spot);
  };
  const label = (text, by, high) => pen.text(text, x, by + high / 2, { colour: quiet });
  const link = (by) => pen.line(centre, by - 7, centre, by - 1, quiet); // to the layer above
  const reached = (k) => view.reached >= k;

  pen.title("Activity (Fig. 3)", x, y + 4, "area = activity, dot = should be on", x + w);
  let top = y + 18;
  const high = lines * cell;
  label("answer", top, high);
  layer("answer", activity.answer, left, top, perLine, reached(4), desired);
  top += high + 8;
  for (const [name, k] of [["answer code", 3], ["centre", 2]]) {
    const n = size(name);
    label(`${n}`, top, cell);
    link(top);
    layer(name, activity[name], centre - (n * cell) / 2, top, n, reached(k));
    top += cell + 8;
  }
  const [p, r] = [size("person code"), size("relationship code")];
  const relationsAt = left + across * cell + 26, beside = relationsAt + 6 * cell; // the relationships; their middle
  const codeAt = Math.max(centre + (p * cell) / 2 + 12, beside - (r * cell) / 2), codeMiddle = codeAt + (r * cell) / 2;
  label(`${p} + ${r}`, top, cell);
  link(top);
  layer("person code", activity["person code"], centre - (p * cell) / 2, top, p, reached(1));
  pen.line(codeMiddle, top - 1, centre + 4, top - 5, quiet);
  layer("relationship code", activity["relationship code"], codeAt, top, r, reached(1));
  top += cell + 8;
  label("question", top, high);
  link(top);
  pen.line(beside, top - 7, codeMiddle, top - 7, quiet);
  layer("person", people.map((_, k) => Number(k === asked.person)), left, top, perLine);
  layer("relationship", scene.relationships.map((_, k) => Number(k === asked.relationship)), relationsAt, top);
  pen.text(scene.relationships[asked.relationship], beside, top + cell + 9, { align: "center", colour: quiet });
  pen.text(people[asked.person], centre, top + high + 9, { align: "center", colour: quiet });
}

function drawStates(pen, { states, bx, by, columns, cell, isReached, dots }, spot) {
  pen.rect(bx, by, Math.min(columns, states.length) * cell, Math.ceil(states.length / columns) * cell, FIELD);
  states.forEach((v, k) => {
    const cx = bx + (k % columns) * cell, cy = by + Math.floor(k / columns) * cell;
    if (isReached) pen.square(v, cx + 1, cy + 1, cell - 2);
    if (dots.includes(k)) pen.circle(cx + cell / 2, cy + cell / 2, 2, { fill: "#000" });
    spot(k, cx, cy, v);
  });
}

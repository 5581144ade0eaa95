// The inputs of a table by their names: what each is in the case that is shown, and its weights to the units above.

import { FIELD, largestOf, number } from "./pen.js";

const PITCH = 18, MOST = 20, HEAD = 46; // height of a row; rows that are shown; pixels above the first

// The inputs that are shown: {group, j, name}, and the links that lead from their groups.
const inputsOf = ({ inputs, unit_names: names }) => (
  Object.keys(inputs).flatMap((group) => names[group].map((name, j) => ({ group, j, name })))
);

export const namedHeight = (scene) => HEAD + PITCH * Math.min(MOST, inputsOf(scene).length) + 8;

export function drawNamed(pen, { x, y, w }, view) {
  const { scene, net, moment, shown: c, lit, aboutWeight } = view, { theme } = pen, quiet = { colour: theme.quiet };
  const all = inputsOf(scene), rows = all.slice(0, MOST), side = PITCH - 4, nameRoom = Math.min(130, w * 0.42);
  const note = all.length > MOST ? `the first ${MOST} of ${all.length}` : "state, then weights upward";
  pen.title("The inputs by name", x, y + 8, note, x + w);
  const stateAt = x + nameRoom + 8, weightsAt = stateAt + side + 14, room = Math.floor((x + w - weightsAt) / side);
  const linksFrom = (group) => scene.links.filter((link) => link.source === group);
  const upper = linksFrom(rows[0].group)[0], many = Math.min(upper?.to ?? 0, room);
  pen.text("state", stateAt + side / 2, y + 30, { align: "center", size: 12, ...quiet });
  const heading = many < (upper?.to ?? 0) ? `to the first ${many} units` : `to ${upper?.target ?? ""}`;
  pen.text(heading, weightsAt + 14, y + 30, { size: 12, room: x + w - weightsAt - 14, ...quiet });
  const largest = Math.max(1e-9, largestOf(moment.w));
  rows.forEach(({ group, j, name }, row) => {
    const top = y + HEAD - 6 + row * PITCH, v = net.given[group][j][c];
    pen.text(pen.shortened(name, nameRoom, 12), x, top + side / 2, { size: 12 });
    pen.rect(stateAt, top, side, side, FIELD);
    pen.square(v, stateAt + 1, top + 1, side - 2);
    pen.spot({ kind: "unit", index: group, part: j }, x, top, nameRoom + 8 + side, side,
      () => `${name}: ${number(v)} in this case`);
    const link = linksFrom(group)[0];
    for (let i = 0; link && i < Math.min(many, link.to); i++) {
      const k = link.first + i * link.from + j, left = weightsAt + i * side;
      pen.rect(left, top, side, side, FIELD);
      pen.square(moment.w[k] / largest, left + 1, top + 1, side - 2);
      if (lit === `w${k}`) pen.frame(left, top, side, side, theme.accent, 2);
      pen.spot({ kind: "weight", index: k }, left, top, side, side, () => aboutWeight(k));
    }
  });
}

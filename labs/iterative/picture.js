// The search as large pictures: what was given, what it is now as the wave goes through time, and the letter itself.

import { FIELD, number } from "../kit/stage/pen.js";
import { nearestPicture, present } from "./question.js";

const GAP = 24;

function sideOf(scene, w) { return Math.min(26, (w - 2 * GAP) / 3 / scene.size); }

export function pictureHeight(scene, w) { return 58 + scene.size * sideOf(scene, w); }

export function drawPictures(pen, { x, y, w }, view) {
  const { scene, presented, y: values, reached } = view, { size, watch } = scene, side = sideOf(scene, w);
  const step = reached === null ? watch : Math.max(0, Math.min(watch, Math.floor(reached)));
  const now = scene.panels[0].groups.flatMap((name) => values[step][name]);
  const { letter, pixels } = nearestPicture(scene, presented);
  const pictures = [
    ["what was given", presented, (k) => present(view, presented.map((on, p) => (p === k ? 1 - on : on)))],
    [step ? `after ${step} step${step > 1 ? "s" : ""}` : "before the first step", now],
    [`the letter ${letter}`, pixels],
  ];
  pen.title("The search", x, y + 8, "click on a square of the first to flip it", x + w);
  pictures.forEach(([title, states, flip], n) => {
    const left = x + n * (size * side + GAP), top = y + 22;
    pen.rect(left, top, size * side, size * side, FIELD);
    states.forEach((v, k) => {
      const cx = left + (k % size) * side, cy = top + Math.floor(k / size) * side;
      pen.square(v, cx + 1, cy + 1, side - 2);
      if (n === 1 && v > 0.5 !== pixels[k] > 0.5) pen.frame(cx, cy, side, side, pen.theme.wrong, 1.5);
      const about = () => `row ${Math.floor(k / size) + 1}, square ${(k % size) + 1}, ${title}: ${number(v)}`;
      pen.spot({ kind: `picture${n}`, index: k }, cx, cy, side, side, about, flip && (() => flip(k)));
    });
    pen.text(title, left, top + size * side + 12, { size: 12, colour: pen.theme.quiet, room: size * side + GAP - 4 });
  });
}

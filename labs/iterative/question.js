// What is presented to an iterative net: two letters, a spoilt letter, or a pattern; and what is desired for it.

import { spotKey } from "../kit/stage/pen.js";

// Present other input: it runs forward through time, and the error back.
export function present(view, presented, send = true) {
  view.presented = [...presented];
  runAgain(view);
  if (send) view.send({ type: "presented", presented: view.presented });
}

export function runAgain(view) {
  view.wave = matchMedia("(prefers-reduced-motion: reduce)").matches ? -1e9 : performance.now();
}

// A letter that was typed becomes the second one, and the second one the first.
export function presentLetter(view, key) {
  const letter = view.scene.letters?.indexOf(key.toUpperCase()) ?? -1;
  if (letter >= 0) present(view, [view.presented[1], letter]);
}

// Ask other questions by itself until it is told to stop, or until nobody has looked for a while.
export function keepAsking(view) {
  const { steps, watch } = view.scene;
  let painted = -1;
  const ask = () => {
    if (!view.isAsking) return;
    if (view.painted === painted) { view.isAsking = false; return; } // its canvas is out of sight
    painted = view.painted;
    present(view, anotherQuestion(view));
    view.repaint();
    setTimeout(ask, (steps + watch + 2) * 80 + 1500);
  };
  view.isAsking = !view.isAsking;
  ask();
}

function anotherQuestion(view) {
  const { scene, presented } = view, any = (n) => Math.floor(Math.random() * n);
  if (scene.task === "sequences") return presented.map(() => any(scene.letters.length));
  const { pixels } = scene.pictures?.[any(scene.pictures.length)] ?? {};
  if (scene.task === "search") return spoiltPicture({ scene, presented: pixels });
  return presented.map(() => any(2));
}

export function nearestPicture(scene, pixels) {
  const differences = (picture) => picture.pixels.filter((on, k) => on !== pixels[k]).length;
  return scene.pictures.reduce((best, one) => (differences(one) < differences(best) ? one : best));
}

// The nearest letter with a fifth of its pixels flipped.
function spoiltPicture({ scene, presented }) {
  const pixels = [...nearestPicture(scene, presented).pixels], flipped = new Set();
  while (flipped.size < pixels.length / 5) flipped.add(Math.floor(Math.random() * pixels.length));
  for (const k of flipped) pixels[k] = 1 - pixels[k];
  return pixels;
}

// (name, t) -> the states that are given to a group at a step, or null.
export function givenStates({ scene, presented }) {
  if (scene.task === "sequences") {
    const letter = (t) => Array.from({ length: 5 }, (_, i) => Number(i === presented[Math.floor(t / scene.hold)]));
    return (name, t) => (name === "letters" && t < 2 * scene.hold ? letter(t) : null);
  }
  return (name, t) => {
    const row = t === 0 ? scene.panels[0].groups.indexOf(name) : -1;
    return row < 0 ? null : presented.slice(row * scene.size, (row + 1) * scene.size);
  };
}

// (name, t) -> the desired states of a group at a step, or null.
export function desiredStates({ scene, presented }) {
  const { size, hold } = scene;
  const stateAt = {
    sequences() {
      const digits = presented.map((k) => scene.pairs[k]).join("");
      return (_name, t) => [..."123"].map((digit) => Number(digit === digits[Math.floor((t - 1) / hold) - 2]));
    },
    "shift register": () => (_name, t) => presented.map((_, k) => presented[(((k - t) % size) + size) % size]),
    search() {
      const { pixels } = nearestPicture(scene, presented), row = (name) => scene.panels[0].groups.indexOf(name);
      return (name) => pixels.slice(row(name) * size, (row(name) + 1) * size);
    },
  }[scene.task]();
  return (name, t) => (scene.desired[name]?.includes(t) ? stateAt(name, t) : null);
}

export const choiceHeight = (scene) => (scene.task === "shift register" ? 26 : 50);

export function drawChoice(pen, { x, y, w }, view) {
  const { scene, presented } = view, flip = "click on a square of step 0 to flip it";
  if (scene.task === "sequences") {
    pen.title("Two letters", x, y + 8, "click, or type them here", x + w);
    const pitch = Math.min(34, (w / 2 - 6) / scene.letters.length);
    ["first letter", "second letter"].forEach((which, k) => scene.letters.forEach((letter, n) => {
      const left = x + k * (w / 2 + 3) + n * pitch, spot = { kind: `${which} `, index: n };
      drawChip(pen, view, spot, letter, { x: left, y: y + 22, w: pitch - 4 }, presented[k] === n,
        `${which} ${letter}, which stands for ${scene.pairs[n]}`,
        () => present(view, presented.map((before, place) => (place === k ? n : before))));
    }));
  } else if (scene.task === "search") {
    pen.title("A spoilt letter", x, y + 8, flip, x + w);
    scene.pictures.forEach(({ letter, pixels }, n) => {
      const isShown = scene.pictures.findIndex((one) => one.pixels.every((on, k) => on === presented[k])) === n;
      drawChip(pen, view, { kind: "picture", index: n }, letter, { x: x + n * 34, y: y + 22, w: 30 }, isShown,
        `show the letter ${letter} itself`, () => present(view, pixels));
    });
    const left = x + scene.pictures.length * 34 + 10;
    drawChip(pen, view, { kind: "spoil" }, "spoil it", { x: left, y: y + 22, w: 66 }, false,
      "flip a fifth of the letter, at random", () => present(view, spoiltPicture(view)));
  } else {
    pen.title("A pattern", x, y + 8, flip, x + w);
  }
}

function drawChip(pen, view, spot, text, { x, y, w }, isOn, about, choose) {
  const { theme } = pen, isLit = view.lit === spotKey(spot.kind, spot.index);
  const [fill, stroke] = [isOn ? theme.accent : null, isOn || isLit ? theme.accent : theme.line];
  pen.box(x, y, w, 20, { fill, stroke, radius: 10, width: isLit ? 2 : 1 });
  pen.text(text, x + w / 2, y + 10.5, { align: "center", colour: isOn ? theme.paper : theme.ink });
  pen.spot(spot, x, y, w, 20, () => about, choose);
}

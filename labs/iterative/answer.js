// What an iterative net answers, in words.

import { keepAsking, nearestPicture, runAgain } from "./question.js";

const isOn = (v) => Number(v > 0.5);

// Each gives [answer, whether it is right, a remark].
const ANSWERS = {
  sequences({ scene, presented, y }) {
    const name = presented.map((k) => scene.letters[k]).join(""), pairs = presented.map((k) => scene.pairs[k]).join("");
    let read = "";
    for (let t = 3 * scene.hold; t <= 6 * scene.hold; t += scene.hold) {
      const on = y[t].digits.map((v, k) => (v > 0.5 ? k + 1 : "")).join("");
      read += on.length === 1 ? on : "?";
    }
    const isHeld = scene.held.includes(name + pairs);
    const remark = isHeld ? "this sequence is held out: it was never trained" : "this sequence was trained";
    return [`${name} \u2192 ${[...read].join(" ")}`, read === pairs, remark];
  },

  search({ scene, presented }, outputs) {
    const { letter, pixels } = nearestPicture(scene, presented);
    const isLetter = outputs.map((states) => states.every((on, k) => on === pixels[k])), at = isLetter.indexOf(true);
    const [isRight, stays] = [isLetter[scene.steps], isLetter[scene.watch]];
    const goesOn = `and ${stays ? "stays so" : "does not stay so"} for twice as many steps`;
    const answer = at < 0 ? `never becomes ${letter}` : `becomes ${letter} at step ${at}`;
    return [answer, isRight, isRight ? goesOn : `not within its ${scene.steps} training steps`];
  },

  "shift register"({ scene, desiredAt, watch }, outputs) {
    const { steps } = scene, names = outputs.map((states) => states.join(""));
    const untrained = watch > steps ? `; then, untrained: ${names.slice(steps + 1).join(" \u2192 ")}` : "";
    const isRight = desiredAt("ring", steps).join("") === names[steps];
    return [names.slice(0, steps + 1).join(" \u2192 "), isRight, `one place a step${untrained}`];
  },
};

export function drawAnswer(pen, { x, y, w }, view) {
  const { scene, y: states } = view, { theme } = pen;
  const outputs = states.map((step) => scene.panels[0].groups.flatMap((name) => step[name].map(isOn)));
  const [answer, isRight, remark] = ANSWERS[scene.task](view, outputs), colour = isRight ? theme.right : theme.wrong;
  view.answered = `${answer} ${isRight ? "\u2713" : "\u2717"}`;
  pen.text(view.answered, x, y + 8, { size: 13, weight: "600", colour, room: w - 186 });
  pen.text(remark, x, y + 29, { colour: theme.quiet, room: w });
  const button = (kind, text, fromRight, isOn, about, choose) => {
    const left = x + w - fromRight, isLit = view.lit === kind;
    pen.box(left, y, 84, 20, { stroke: isLit || isOn ? theme.accent : theme.line, width: isLit ? 2 : 1, radius: 10 });
    pen.text(text, left + 42, y + 10.5, { align: "center", size: 12, colour: isOn ? theme.accent : theme.ink });
    pen.spot({ kind }, left, y, 84, 20, () => about, choose);
  };
  const { isAsking } = view, asks = isAsking ? "stop asking" : "keep asking";
  button("asking", asks, 174, isAsking, "other questions, one after the other", () => keepAsking(view));
  button("again", "run it again", 84, false, "forward through time, and back", () => runAgain(view));
}

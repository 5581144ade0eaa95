// The questions that are held out, as cards: each asked by a click, and then right or wrong at every moment of the run.

import { number } from "../kit/stage/pen.js";

const CARD = 36, GAP = 6, MOST = 8; // height of a card; cards that are shown

const across = (w) => (w < 310 ? 1 : 2);
const shownOf = ({ scene }) => Math.min(MOST, scene.held.length);

export const heldOutHeight = (view, w) => 28 + Math.ceil(shownOf(view) / across(w)) * (CARD + GAP) + 4;

// The question of held-out case c: {person, relationship}, as numbers.
function questionOf({ scene }, c) {
  const { person, relationship } = scene.heldInputs;
  return { person: person[c].indexOf(1), relationship: relationship[c].indexOf(1) };
}

// How held-out case c is answered now: the most active person, and whether everyone is on the right side of .5.
function answerOf({ scene, heldNet, moment }, c) {
  const answer = heldNet.forward(moment.w).y.answer.map((unit) => unit[c]), desired = scene.heldDesired.answer[c];
  const strongest = answer.reduce((best, v, p) => (v > answer[best] ? p : best), 0);
  const isRight = answer.every((v, p) => v > 0.5 === desired[p] > 0.5);
  return { strongest, activity: answer[strongest], isRight };
}

function aboutCard(view, c) {
  const { scene, people, askedHeld } = view;
  if (!askedHeld.has(scene.held[c])) return `${scene.held[c]}: not asked yet; click or Enter asks it`;
  const { strongest, activity, isRight } = answerOf(view, c);
  return `${scene.held[c]}: ${people[strongest]} ${number(activity)}, ${isRight ? "right" : "wrong"}`;
}

export function drawHeldOut(pen, { x, y, w }, view, ask) {
  const { theme } = pen, { scene, people, askedHeld } = view, columns = across(w), many = scene.held.length;
  const wide = (w - (columns - 1) * GAP) / columns, more = many > MOST ? `the first ${MOST}; ` : "";
  const title = `${many} question${many > 1 ? "s" : ""} it was never taught`;
  pen.title(title, x, y + 8, `${more}click to ask`, x + w);
  for (let c = 0; c < shownOf(view); c++) {
    const left = x + (c % columns) * (wide + GAP), top = y + 22 + Math.floor(c / columns) * (CARD + GAP);
    const isAsked = askedHeld.has(scene.held[c]), isLit = view.lit === `held${c}`;
    const answer = isAsked ? answerOf(view, c) : null, [right, wrong] = wide < 200 ? ["", ""] : [" right", " wrong"];
    const colour = !isAsked ? theme.accent : answer.isRight ? theme.right : theme.wrong;
    pen.box(left, top, wide, CARD, { fill: colour, share: 0.1 });
    pen.box(left, top, wide, CARD, { stroke: colour, width: isLit ? 2 : 1 });
    pen.text(`${scene.held[c]}?`, left + 8, top + 12, { size: 12, room: wide - 16 });
    const [text, state] = isAsked
      ? [`${people[answer.strongest]} ${number(answer.activity)}`, answer.isRight ? `\u2713${right}` : `\u2717${wrong}`]
      : ["?", "not asked yet"];
    const how = { size: 12, weight: "600", colour };
    pen.text(text, left + 8, top + 27, { ...how, room: wide - (wide < 200 && isAsked ? 36 : 84) });
    pen.text(state, left + wide - 8, top + 27, { size: 12, align: "right", colour: isAsked ? colour : theme.quiet });
    const choose = () => ask(questionOf(view, c));
    pen.spot({ kind: "held", index: c }, left, top, wide, CARD, () => aboutCard(view, c), choose);
  }
}

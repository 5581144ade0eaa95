// The family-tree lab's canvas: the trees of Fig. 2, on which a question is asked and answered, and the activities of
// Fig. 3 in the first column; the receptive fields of Fig. 4 and the error in the second.

import { curvePanel, DASHES } from "../kit/stage/curve.js";
import { Net } from "../kit/stage/passes.js";
import { number } from "../kit/stage/pen.js";
import { Growing } from "../kit/stage/record.js";
import { addScene } from "../kit/stage/scenes.js";
import { activityHeight, drawActivity } from "./activity.js";
import { drawFields, fieldsHeight, paintedUnit } from "./fields.js";
import { drawHeldOut, heldOutHeight } from "./held_out.js";
import { drawTree, treeHeight } from "./tree.js";

const isPhone = (w) => w < 330; // fewer things beside each other
const isNarrow = (w) => w < 420; // four relationships in a row
const answerBelow = (w) => w < 430; // the question
// A window in which all has to be lower to be seen at once; larger type needs more of it.
const isLow = () => innerHeight < (document.querySelector(".bp-large") ? 1260 : 900);

addScene("trees", {
  editable: true,
  narrow: 600,
  split: 0.575,
  gap: 24,
  wordsRoom: 200,
  reach: "people, relationships, questions that are held out, units and weights; Enter asks",

  columns(view, [first, second]) {
    const { scene } = view, [family, ...others] = scene.families, isCompact = first !== second && isLow();
    const pitch = isCompact ? 35 : 38;
    const tree = (one) => ({
      height: treeHeight(one, pitch),
      draw(pen, { x, y, w }) {
        const { onTrees } = view, note = onTrees ? `painted: unit ${onTrees.unit + 1}` : "click on a person to ask";
        pen.title(one.title, x, y + 8, one === family ? note : "", x + w);
        drawTree(pen, { x, y: y + 20, w }, view, one, pitch, (person) => ask(view, { person }));
      },
    });
    return [
      [
        tree(family),
        { height: isNarrow(first) ? 102 : 72, draw: (pen, box) => drawRelationships(pen, box, view) },
        ...others.map(tree),
        { height: answerBelow(first) ? 60 : 44, draw: (pen, box) => drawAnswer(pen, box, view) },
        ...(view.heldNet ? [{
          height: heldOutHeight(view, first),
          draw: (pen, box) => drawHeldOut(pen, box, view, (asked) => ask(view, asked)),
        }] : []),
        { height: activityHeight(scene, isCompact), draw: (pen, box) => drawActivity(pen, box, view, isCompact) },
      ],
      [
        {
          height: fieldsHeight(scene, isCompact) + 6,
          draw: (pen, box) => drawFields(pen, box, view, isPhone(box.w), isCompact),
        },
        curvePanel(view, isCompact ? 102 : 112, { more: (pen) => heldOutError(pen, view) }),
      ],
    ];
  },

  begin(view) {
    const { scene } = view;
    view.people = scene.families.flatMap((family) => family.people);
    view.asked ??= { person: scene.asked[0], relationship: scene.asked[1], at: -1e9 };
    view.asked.person = Math.min(view.asked.person, view.people.length - 1);
    view.forces ??= false; // whether the fields show what the gradient holds instead of the weights
    const { heldInputs: inputs, heldDesired: desired } = scene;
    view.heldNet = scene.held.length ? new Net({ ...scene, inputs, desired }) : null;
    view.held = null;
    view.askedHeld ??= new Set(); // questions that were held out and asked all the same
    view.sortBy ??= "generation"; // the columns of the fields
    view.unit = null; // that is painted on the trees
  },

  // The answer to the question, and how far its activity has come.
  prepare(view) {
    const { scene, moment, asked, people } = view;
    const one = (size, on) => [Array.from({ length: size }, (_, k) => Number(k === on))];
    const inputs = { person: one(people.length, asked.person), relationship: one(12, asked.relationship) };
    const { y } = new Net({ ...scene, inputs, desired: {} }).forward(moment.w);
    view.reached = Math.floor((performance.now() - asked.at) / 70); // layers
    if (view.reached < 5) requestAnimationFrame(view.repaint);
    view.activity = Object.fromEntries(Object.entries(y).map(([name, units]) => [name, units.map((unit) => unit[0])]));
    view.answer = view.activity.answer;
    view.desired = scene.answers[asked.person][asked.relationship];
    view.known = scene.held.includes(question(view)) ? "held out" : view.desired.length ? "trained" : "none";
    if (view.known === "held out" && asked.at > -1e9) view.askedHeld.add(question(view));
    view.onTrees = paintedUnit(view);
  },

  onMessage(view, { type, person, relationship }) { if (type === "ask") ask(view, { person, relationship }, false); },

  selection: ({ asked, forces, sortBy, unit }) => [asked.person, asked.relationship, forces, sortBy, unit],
  describe(view) {
    const { people, answer, desired, forces } = view, list = (names) => names.join(" and ") || "nobody";
    const answers = people.map((name, p) => [name, answer[p]]).filter(([, v]) => v > 0.5);
    const given = list(answers.map(([name, v]) => `${name} ${number(v)}`)), right = list(desired.map((p) => people[p]));
    const note = forces ? "; the diagrams show what the gradient holds" : "";
    const painted = view.unit === null ? "" : `; the weights of unit ${view.unit + 1} are painted on the trees`;
    return `it is asked ${question(view)} and answers ${given}, should be ${right}${note}${painted}`;
  },
  dataset(view) {
    const { people, answer, desired, forces, scene } = view;
    return {
      question: question(view), forces, held: scene.held.join(", "),
      answered: people.filter((_, p) => answer[p] > 0.5).join(", "), desired: desired.map((p) => people[p]).join(", "),
    };
  },
});

const question = ({ people, scene, asked }) => `${people[asked.person]} has-${scene.relationships[asked.relationship]}`;

// Ask a question: the answer is there at once, and the activity runs through the five layers, one every 70 ms.
function ask(view, parts, send = true) {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  view.asked = { ...view.asked, ...parts, at: performance.now() - (isStill ? 1e6 : 0) };
  if (send) view.send({ type: "asked", person: view.asked.person, relationship: view.asked.relationship });
}

function drawRelationships(pen, { x, y, w }, view) {
  const { theme } = pen, { scene, asked, people } = view, person = people[asked.person];
  const gap = 5, columns = isNarrow(w) ? 4 : 6, box = (w - (columns - 1) * gap) / columns;
  pen.title(`${person} has \u2026`, x, y + 6, "click on a relationship", x + w);
  scene.relationships.forEach((name, r) => {
    const left = x + (r % columns) * (box + gap), top = y + 18 + Math.floor(r / columns) * 25;
    const isAsked = r === asked.relationship, isLit = view.lit === `r${r}`;
    const isNobody = !scene.answers[asked.person][r].length;
    const [fill, stroke] = [isAsked ? theme.accent : null, isLit || isAsked ? theme.accent : theme.line];
    pen.box(left, top, box, 20, { fill, stroke, radius: 10, width: isLit ? 2 : 1 });
    const colour = isAsked ? theme.paper : isNobody ? theme.quiet : theme.ink, weight = isAsked ? "600" : "normal";
    pen.text(name, left + box / 2, top + 10.5, { room: box - 8, weight, align: "center", colour });
    const about = isNobody ? `${person} has no ${name}; ask all the same` : `ask for the ${name} of ${person}`;
    pen.spot({ kind: "relationship", index: r }, left, top, box, 20, () => about, () => ask(view, { relationship: r }));
  });
}

// ---- the answer in words

const KNOWN = {
  trained: "this question was trained", "held out": "this question is held out: it was never trained",
  none: "no correct answer exists; this is its guess",
};

function drawAnswer(pen, { x, y, w }, view) {
  const { theme } = pen, { answer, desired, known, people } = view, isBelow = answerBelow(w);
  const strongest = people.map((_, p) => p).sort((a, b) => answer[b] - answer[a]);
  const named = strongest.filter((p, k) => answer[p] > 0.5 || k < Math.max(1, desired.length)).slice(0, 3);
  const right = people.every((_, p) => answer[p] > 0.5 === desired.includes(p));
  const yesOrNo = right ? [" \u2713", theme.right] : [" \u2717", theme.wrong];
  const [mark, colour] = known === "none" ? ["", theme.ink] : yesOrNo;
  const text = named.map((p) => `${people[p]} ${number(answer[p])}`).join(", ") + mark;
  pen.text(question(view), x, y + 6, { size: 12, weight: "600" });
  const top = isBelow ? y + 18 : y, how = { size: 12, weight: "600", colour, room: w };
  if (isBelow) pen.text(text, x, top + 6, how); else pen.text(text, x + w, top + 6, { align: "right", ...how });
  pen.text(KNOWN[known], x, top + 24, { colour: theme.quiet });
  if (known === "none") return;
  const width = 76, left = x + w - width, isLit = view.lit === "hold";
  pen.box(left, top + 15, width, 18, { stroke: isLit ? theme.accent : theme.line, width: isLit ? 2 : 1, radius: 9 });
  pen.text(known === "trained" ? "hold it out" : "train it", left + width / 2, top + 24.5, { align: "center" });
  pen.spot({ kind: "hold" }, left, top + 15, width, 18, () => "begins a new run, from the same starting weights",
    () => view.send({ type: "hold", case: question(view) }));
}

// ---- the error, of what is trained and of what is held out

function heldOutError(pen, view) {
  const { record, heldNet, scene, moment } = view, n = moment.w.length;
  if (view.held?.record !== record) view.held = { record, sweeps: record.sweeps, E: new Growing(Float32Array) };
  if (!heldNet) return {};
  const { E } = view.held, from = E.length, times = scene.names.length / scene.held.length;
  const weights = (k) => record.w.array.subarray(k * n, (k + 1) * n);
  E.add(Float32Array.from({ length: record.sweeps.length - from }, (_, k) => times * heldNet.error(weights(from + k))));
  const look = { colour: pen.theme.held, dash: DASHES[1], name: `held-out error \u00d7 ${number(times, 0)}` };
  return { others: [Object.assign(view.held, look)] };
}

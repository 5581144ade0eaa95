// The family-tree lab's canvas: the trees of Fig. 2, on which a question is asked and answered, and the activities of Fig. 3
// in the first column; the receptive fields of Fig. 4 and the error in the second.

import { DASHES, drawCurve } from "../kit/stage/curve.js";
import { Net } from "../kit/stage/passes.js";
import { FIELD, number } from "../kit/stage/pen.js";
import { Growing } from "../kit/stage/record.js";
import { addScene } from "../kit/stage/scenes.js";

addScene("trees", {
  editable: true, // weights can be changed by hand
  columns(width) { return width < 640 ? 1 : 2; },
  first(width) { return this.columns(width) === 2 ? Math.round(width * 0.54) - 14 : width; },
  narrow(w) { return w < 330; }, // a phone: fewer things beside each other
  relationshipsHeight(w) { return this.narrow(w) ? 102 : 72; },
  stacked(w) { return w < 430; }, // the answer below the question
  answerHeight(w) { return this.stacked(w) ? 62 : 44; },
  firstHeight(scene, w) {
    return scene.families.reduce((sum, f) => sum + this.treeHeight(f), 0) + 146 + this.relationshipsHeight(w) + this.answerHeight(w) + 13 * scene.families.length * 2;
  },
  secondHeight(scene) { return this.fieldsHeight(scene) + 166; },
  height(width, scene) {
    const [one, two] = [this.firstHeight(scene, this.first(width)), this.secondHeight(scene)];
    return this.columns(width) === 2 ? Math.max(one, two) : one + two + 20;
  },

  begin(view) {
    const { scene } = view;
    view.people = scene.families.flatMap((f) => f.people);
    view.asked ??= { person: scene.asked[0], relationship: scene.asked[1], at: -1e9 };
    view.asked.person = Math.min(view.asked.person, view.people.length - 1);
    view.forces ??= false; // whether the fields show what the gradient holds, in place of the weights
    view.heldNet = scene.held.length ? new Net({ ...scene, inputs: scene.heldInputs, desired: scene.heldDesired }) : null;
    view.held = null;
  },

  reach: "people, relationships and weights; Enter asks",

  told(view, { type, person, relationship }) { if (type === "ask") this.ask(view, { person, relationship }, false); },

  // Ask a question: the answer is there at once, and the activity runs through the five layers, one every 70 ms.
  ask(view, question, tell = true) {
    view.asked = { ...view.asked, ...question, at: matchMedia("(prefers-reduced-motion: reduce)").matches ? -1e9 : performance.now() };
    if (tell) view.tell({ type: "asked", person: view.asked.person, relationship: view.asked.relationship });
  },

  question({ people, scene, asked }) { return `${people[asked.person]} has-${scene.relationships[asked.relationship]}`; },
  desired({ scene }, person, relationship) { return scene.answers[person][relationship]; },

  chosenIs: ({ asked, forces }) => [asked.person, asked.relationship, forces],
  chosenNow(view) {
    const { people, answer, desired, forces } = view, on = people.filter((_, p) => answer[p] > 0.5);
    const named = (some) => some.join(" and ") || "nobody";
    return `it is asked ${this.question(view)} and answers ${named(on.map((name) => `${name} ${number(answer[people.indexOf(name)])}`))}, ` +
      `should be ${named(desired.map((p) => people[p]))}${forces ? "; the diagrams show what the gradient holds" : ""}`;
  },
  tells(view) {
    const { people, answer, desired } = view;
    return {
      question: this.question(view), forces: view.forces, held: view.scene.held.join(", "),
      answered: people.filter((_, p) => answer[p] > 0.5).join(", "), desired: desired.map((p) => people[p]).join(", "),
    };
  },

  draw(pen, view) {
    const { scene, moment, width, asked } = view, two = this.columns(width) === 2, w = this.first(width);
    const one = (size, on) => [Array.from({ length: size }, (_, k) => Number(k === on))];
    const inputs = { person: one(view.people.length, asked.person), relationship: one(12, asked.relationship) };
    const { y } = new Net({ ...scene, inputs, desired: {} }).forward(moment.w);
    const reached = Math.floor((performance.now() - asked.at) / 70); // layers that the activity has come to
    if (reached < 5) requestAnimationFrame(view.repaint);
    view.activity = Object.fromEntries(Object.entries(y).map(([name, units]) => [name, units.map((u) => u[0])]));
    view.answer = view.activity.answer;
    view.desired = this.desired(view, asked.person, asked.relationship);
    view.known = scene.held.includes(this.question(view)) ? "held out" : view.desired.length ? "trained" : "none";

    let top = 0;
    scene.families.forEach((family, f) => {
      pen.title(family.title, 0, top + 8, f ? "" : "click on somebody to ask", w);
      this.drawTree(pen, { x: 0, y: top + 20, w }, view, family);
      top += this.treeHeight(family);
      if (f === 0) { this.drawRelationships(pen, { x: 0, y: top, w }, view); top += this.relationshipsHeight(w); }
    });
    this.drawAnswer(pen, { x: 0, y: top, w }, view);
    this.drawActivity(pen, { x: 0, y: top + this.answerHeight(w), w }, view, reached);

    const second = two ? { x: w + 30, y: 0, w: width - w - 30 } : { x: 0, y: this.firstHeight(scene, w) + 20, w: width };
    this.drawFields(pen, second, view);
    return this.drawError(pen, { ...second, y: second.y + this.fieldsHeight(scene) + 6 }, view);
  },

  // ---- the trees

  treeHeight(family) { return 20 + 38 * family.rows + 4; },

  drawTree(pen, { x, y, w }, view, family) {
    const { theme, ctx } = pen, unit = w / family.width, box = Math.min(unit, 92), high = 20, pitch = 38;
    const place = (k) => ({ cx: x + family.places[k][0] * unit, cy: y + 10 + family.places[k][1] * pitch });
    let size = 11;
    const widest = Math.max(...view.people.map((name) => { ctx.font = `600 11px ${theme.font}`; return ctx.measureText(name).width; }));
    if (widest > box - 5) size = Math.max(7.5, (11 * (box - 5)) / widest);
    const fitting = (name, weight) => { // what is still too long ends in a full stop; its tip says all of it
      ctx.font = `${weight} ${size}px ${theme.font}`;
      let short = name;
      while (short.length > 4 && ctx.measureText(short === name ? name : `${short}.`).width > box - 3) short = short.slice(0, -1);
      return short === name ? name : `${short}.`;
    };
    for (const [a, b] of family.marriages) {
      const one = place(a), other = place(b);
      for (const dy of [-1.5, 1.5]) pen.line(one.cx + box / 2, one.cy + dy, other.cx - box / 2, other.cy + dy, theme.quiet);
    }
    for (const [a, b] of family.unmarried) pen.line(place(a).cx, place(a).cy, place(b).cx, place(b).cy, theme.quiet);
    for (const [px, row, children] of family.descents) {
      const cx = x + px * unit, from = y + 10 + row * pitch, ends = children.map(place);
      const bar = ends[0].cy - pitch / 2 + 1, xs = [cx, ...ends.map((end) => end.cx)];
      pen.line(cx, from + 1.5, cx, bar, theme.quiet);
      pen.line(Math.min(...xs), bar, Math.max(...xs), bar, theme.quiet);
      for (const { cx: at, cy } of ends) pen.line(at, bar, at, cy - high / 2, theme.quiet);
    }
    family.people.forEach((name, k) => {
      const { cx, cy } = place(k), p = family.first + k, left = cx - box / 2, top = cy - high / 2;
      const isAsked = p === view.asked.person, on = view.answer[p], wanted = view.desired.includes(p);
      const wrong = on > 0.5 !== wanted && view.known !== "none";
      const rim = wrong ? theme.wrong : wanted ? theme.right : view.lit === `p${p}` ? theme.accent : theme.line;
      pen.rect(left, top, box, high, theme.paper);
      pen.box(left, top, box, high, { fill: isAsked ? theme.accent : theme.right, share: isAsked ? 1 : 0.5 * on });
      pen.box(left, top, box, high, { stroke: rim, width: wrong || wanted || view.lit === `p${p}` ? 2 : 1 });
      if (wrong || wanted) pen.text(wrong ? "\u2717" : "\u2713", left + box - 2, top - 1, { align: "center", size: 10, weight: "700", colour: rim, halo: true });
      const weight = isAsked || wanted ? "600" : "normal";
      pen.text(fitting(name, weight), cx, cy + 0.5, { align: "center", size, weight,
        colour: isAsked ? theme.paper : theme.ink });
      const state = `${wanted ? ", should be on" : ""}${wrong ? ", wrong" : ""}${isAsked ? ", who is asked about" : ""}`;
      pen.spot({ kind: "person", index: p }, left, top, box, high, () => `${name}: ${number(view.answer[p])}${state}`,
        () => this.ask(view, { person: p }));
    });
  },

  drawRelationships(pen, { x, y, w }, view) {
    const { theme } = pen, { scene, asked, people } = view, gap = 5, columns = this.narrow(w) ? 4 : 6, box = (w - (columns - 1) * gap) / columns;
    pen.title(`${people[asked.person]} has \u2026`, x, y + 6, "click on a relationship", x + w);
    scene.relationships.forEach((name, r) => {
      const left = x + (r % columns) * (box + gap), top = y + 18 + Math.floor(r / columns) * 25, isAsked = r === asked.relationship;
      const nobody = !this.desired(view, asked.person, r).length, lit = view.lit === `r${r}`;
      pen.box(left, top, box, 20, { fill: isAsked ? theme.accent : null, stroke: lit || isAsked ? theme.accent : theme.line, radius: 10, width: lit ? 2 : 1 });
      pen.text(name, left + box / 2, top + 10.5, { room: box - 8, weight: isAsked ? "600" : "normal", align: "center", colour: isAsked ? theme.paper : nobody ? theme.quiet : theme.ink });
      const about = nobody ? `${people[asked.person]} has no ${name}; ask all the same` : `ask for the ${name} of ${people[asked.person]}`;
      pen.spot({ kind: "relationship", index: r }, left, top, box, 20, () => about, () => this.ask(view, { relationship: r }));
    });
  },

  // ---- the answer in words, and the activity of every layer

  drawAnswer(pen, { x, y, w }, view) {
    const { theme } = pen, { answer, desired, known, people } = view;
    const strongest = people.map((_, p) => p).sort((a, b) => answer[b] - answer[a]);
    const named = strongest.filter((p, k) => answer[p] > 0.5 || k < Math.max(1, desired.length)).slice(0, 3);
    const right = people.every((_, p) => answer[p] > 0.5 === desired.includes(p));
    const mark = known === "none" ? "" : right ? " \u2713" : " \u2717", colour = known === "none" ? theme.ink : right ? theme.right : theme.wrong;
    const says = named.map((p) => `${people[p]} ${number(answer[p])}`).join(", ");
    pen.text(this.question(view), x, y + 6, { size: 12, weight: "600" });
    if (this.stacked(w)) y += 18;
    pen.text(says + mark, this.stacked(w) ? x : x + w, y + 6, { size: 12, align: this.stacked(w) ? "left" : "right", weight: "600", colour, room: w });
    const told = {
      trained: "it is trained on this question", none: "nobody is right: it was never asked this",
      "held out": "it is never shown this question",
    }[known];
    pen.text(told, x, y + 24, { colour: theme.quiet });
    if (known !== "none") {
      const text = known === "trained" ? "hold it out" : "train it", width = 76, lit = view.lit === "hold";
      pen.box(x + w - width, y + 15, width, 18, { stroke: lit ? theme.accent : theme.line, width: lit ? 2 : 1, radius: 9 });
      pen.text(text, x + w - width / 2, y + 24.5, { align: "center" });
      pen.spot({ kind: "hold" }, x + w - width, y + 15, width, 18, () => "begins a new run, from the same starting weights",
        () => view.tell({ type: "hold", case: this.question(view) }));
    }
  },

  drawActivity(pen, { x, y, w }, view, reached) {
    const { theme } = pen, { activity, scene, people, asked } = view, left = 66, cell = Math.min(13, (w - left - 26) / (scene.families[0].people.length + 12));
    const size = (name) => scene.groups.find((g) => g.name === name).size;
    const wide = scene.families[0].people.length * cell, lines = scene.families.length, centre = x + left + wide / 2;
    pen.title("Activity (Fig. 3)", x, y + 4, "area = activity, dot = should be on", x + w);
    const row = (name, states, bx, by, columns, seen, dots = []) => {
      pen.rect(bx, by, Math.min(columns, states.length) * cell, Math.ceil(states.length / columns) * cell, FIELD);
      states.forEach((v, k) => {
        const cx = bx + (k % columns) * cell, cy = by + Math.floor(k / columns) * cell;
        if (seen) pen.square(v, cx + 1, cy + 1, cell - 2);
        if (dots.includes(k)) pen.circle(cx + cell / 2, cy + cell / 2, 2, { fill: "#000" });
        pen.spot({ kind: "activity", index: name, part: k }, cx, cy, cell, cell,
          () => `${name === "answer" ? people[k] : `${name}, unit ${k + 1}`}: ${number(v)}`);
      });
    };
    const label = (text, by, high) => pen.text(text, x, by + high / 2, { colour: theme.quiet });
    let top = y + 18;
    const perLine = people.length / lines, high = lines * cell;
    label("answer", top, high);
    row("answer", activity.answer, x + left, top, perLine, reached >= 4, view.desired);
    top += high + 8;
    for (const [name, layer] of [["answer code", 3], ["centre", 2]]) {
      const n = size(name);
      label(`${n}`, top, cell);
      pen.line(centre, top - 7, centre, top - 1, theme.quiet);
      row(name, activity[name], centre - (n * cell) / 2, top, n, reached >= layer);
      top += cell + 8;
    }
    const relation = x + left + wide + 26, [p, r] = [size("person code"), size("relationship code")];
    label(`${p} + ${r}`, top, cell);
    pen.line(centre, top - 7, centre, top - 1, theme.quiet);
    row("person code", activity["person code"], centre - (p * cell) / 2, top, p, reached >= 1);
    const beside = relation + 6 * cell, across = Math.max(centre + (p * cell) / 2 + 12, beside - (r * cell) / 2);
    pen.line(across + (r * cell) / 2, top - 1, centre + 4, top - 5, theme.quiet);
    row("relationship code", activity["relationship code"], across, top, r, reached >= 1);
    top += cell + 8;
    label("question", top, high);
    pen.line(centre, top - 7, centre, top - 1, theme.quiet);
    pen.line(beside, top - 7, across + (r * cell) / 2, top - 7, theme.quiet);
    row("person", people.map((_, k) => Number(k === asked.person)), x + left, top, perLine, true);
    row("relationship", scene.relationships.map((_, k) => Number(k === asked.relationship)), relation, top, 12, true);
    pen.text(scene.relationships[asked.relationship], beside, top + cell + 9, { align: "center", colour: theme.quiet });
    pen.text(people[asked.person], centre, top + high + 9, { align: "center", colour: theme.quiet });
  },

  // ---- Fig. 4: what each person unit looks for

  units(scene) { return scene.groups.find((g) => g.name === "person code").size; },
  many(scene) { return this.units(scene) > 6; }, // then in two columns
  fieldSide(scene, w) { return Math.min(w / scene.families[0].people.length, this.many(scene) ? 15 : 36 / scene.families.length); },
  fieldsHeight(scene) {
    const lines = scene.families.length, rows = Math.ceil(this.units(scene) / (this.many(scene) ? 2 : 1));
    return 40 + rows * (21 + lines * this.fieldSide(scene, 1e9)) + (this.many(scene) ? 0 : 48);
  },

  drawFields(pen, { x, y, w }, view) {
    const { theme } = pen, { scene, moment } = view, units = this.units(scene), two = this.many(scene);
    const link = scene.links.find((l) => l.target === "person code" && l.source === "person");
    const values = view.forces ? this.holding(view) : moment.w, many = link.from, perLine = scene.families[0].people.length;
    const largest = Math.max(...Array.from(values.slice(link.first, link.first + link.to * link.from), Math.abs));
    const full = Math.max(largest, scene.halfRange); // fills a cell: squares shrink with the weights, but never below the start
    pen.title(view.forces ? "What the gradient holds" : "What each person unit looks for (Fig. 4)", x, y + 8, "", x + w);
    const text = view.forces ? "show the weights" : "against decay", width = view.forces ? 108 : 96, lit = view.lit === "forces";
    if (view.weightDecay) {
      pen.box(x + w - width, y + 14, width, 18, { stroke: lit || view.forces ? theme.accent : theme.line, width: lit ? 2 : 1, radius: 9 });
      pen.text(text, x + w - width / 2, y + 23.5, { align: "center", colour: view.forces ? theme.accent : theme.ink });
      pen.spot({ kind: "forces" }, x + w - width, y + 14, width, 18,
        () => "in place of each weight, the size at which decay and gradient would be in balance",
        () => { view.forces = !view.forces; });
    }
    const note = many > perLine && !this.narrow(w) ? `${scene.families.map((f) => f.name).slice(0, 2).join(" above ")}, ` : "";
    pen.text(`${note}white excites; largest ${largest >= 0.95 ? number(largest, 1) : largest.toPrecision(1)}`, x, y + 23, { colour: theme.quiet, room: view.weightDecay ? w - width - 8 : w });
    const across = two ? (w - 16) / 2 : w - 14, side = this.fieldSide(scene, across), lines = Math.ceil(many / perLine);
    const high = 21 + lines * side;
    for (let j = 0; j < units; j++) {
      const left = x + (two ? (j % 2) * (across + 16) : 0), top = y + 38 + (two ? Math.floor(j / 2) : j) * high;
      const weights = Array.from({ length: many }, (_, i) => values[link.first + j * many + i]);
      pen.text(`unit ${j + 1}`, left, top + 8, { weight: "600" });
      const [caption, clear] = this.caption(scene, weights, two);
      pen.text(caption, left + across, top + 8, { align: "right", colour: clear ? theme.right : theme.quiet, size: two ? 10 : 11 });
      const cellW = across / perLine;
      pen.rect(left, top + 17, across, lines * side, FIELD);
      weights.forEach((value, i) => {
        const k = link.first + j * many + i, cx = left + (i % perLine) * cellW + (cellW - side) / 2, cy = top + 17 + Math.floor(i / perLine) * side;
        pen.square(value / full, cx + 1, cy + 1, side - 2);
        if (view.lit === `w${k}` || view.lit === `p${i}`) pen.frame(cx, cy, side, side, theme.accent, 2);
        pen.spot({ kind: "weight", index: k }, left + (i % perLine) * cellW, cy, cellW, side, () => this.aboutWeight(view, k));
      });
    }
    if (two) return;
    scene.families[0].people.forEach((name, i) => {
      const cx = x + ((i + 0.5) * across) / perLine;
      pen.slanted(name, cx - 4, y + 38 + units * high + 2, 0.7, { size: 10, colour: view.lit === `p${i}` ? theme.accent : theme.quiet });
    });
  },

  // At balance decay takes from a weight what epsilon, alpha and the gradient give: w = -epsilon dE/dw (1 - decay) / ((1 - alpha) decay).
  holding({ net, moment, epsilon, alpha, weightDecay }) {
    const factor = (-epsilon * (1 - weightDecay)) / ((1 - alpha) * weightDecay);
    return net.gradient(moment.w).map((g) => factor * g);
  },

  aboutWeight(view, k) {
    const about = view.aboutWeight(k);
    return view.weightDecay ? `${about}; the gradient would hold ${number(this.holding(view)[k], 2)}` : about;
  },

  // What one unit tells apart, in words, and whether it does so clearly.
  caption(scene, weights, short) {
    const shares = Object.entries(scene.features).map(([name, labels]) => [name, shareBetween(weights, labels)]).sort((a, b) => b[1] - a[1]);
    const [name, share] = shares[0], half = weights.length / 2;
    const alike = scene.alike && !short ? `, alike ${number(correlation(weights.slice(0, half), weights.slice(half)))}` : "";
    return [`${share < 0.4 ? "mixed" : `${name} ${Math.round(100 * share)} %`}${name === "nationality" && share >= 0.4 ? "" : alike}`, share >= 0.7];
  },

  // ---- the error, of what is trained and of what is held out

  drawError(pen, box, view) {
    const { record, heldNet, scene, moment } = view, n = moment.w.length;
    if (view.held?.record !== record) view.held = { record, sweeps: record.sweeps, E: new Growing(Float32Array) };
    if (heldNet) {
      const times = scene.names.length / scene.held.length, from = view.held.E.length;
      view.held.E.add(Float32Array.from({ length: record.sweeps.length - from }, (_, k) =>
        times * heldNet.error(record.w.array.subarray((from + k) * n, (from + k + 1) * n))));
      Object.assign(view.held, { colour: pen.theme.held, dash: DASHES[1], name: `held out, times ${number(times, 0)}` });
    }
    return drawCurve(pen, { ...box, h: 112 }, record, { ...view, others: heldNet ? [view.held] : [] });
  },
});

// The share of the variance of `values` that is between groups of equal labels.
function shareBetween(values, labels) {
  const mean = (some) => some.reduce((sum, v) => sum + v, 0) / some.length, middle = mean(values);
  const whole = values.reduce((sum, v) => sum + (v - middle) ** 2, 0);
  const groups = [...new Set(labels)].map((label) => values.filter((_, k) => labels[k] === label));
  return whole > 1e-300 ? groups.reduce((sum, group) => sum + group.length * (mean(group) - middle) ** 2, 0) / whole : 0;
}

function correlation(one, other) {
  const centred = (some) => { const m = some.reduce((sum, v) => sum + v, 0) / some.length; return some.map((v) => v - m); };
  const [a, b] = [centred(one), centred(other)], dot = (p, q) => p.reduce((sum, v, k) => sum + v * q[k], 0);
  return dot(a, b) / Math.max(1e-150, Math.sqrt(dot(a, a) * dot(b, b)));
}

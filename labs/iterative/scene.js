// The iterative-nets lab's canvas: one question run forward through time and its error backward through time (Fig. 5) in the
// first column; the weights of one step, the places of one of them, and the error in the second.

import { drawCurve } from "../kit/stage/curve.js";
import { drawMatrix, matrixOf } from "../kit/stage/hinton.js";
import { toleratedDifference, UNITS } from "../kit/stage/passes.js";
import { FIELD, largestOf, number, spotKey } from "../kit/stage/pen.js";
import { addScene } from "../kit/stage/scenes.js";

// A synchronous iterative net, run step by step. States lie as y[t][group][unit]; step 0 is before the first.
class IterativeNet {
  // stepGroups: [{name, size, unit}]; links: [{source, target, first, to, from}], of one step.
  constructor({ stepGroups, stepLinks, before, tolerance }) {
    Object.assign(this, { groups: stepGroups, links: stepLinks, before, tolerance });
    this.into = Object.fromEntries(stepGroups.map((g) => [g.name, stepLinks.filter((l) => l.target === g.name)]));
  }

  // given(name, t): the states that the case gives, or nothing.
  forward(w, steps, given) {
    const y = [Object.fromEntries(this.groups.map((g) => [g.name, given(g.name, 0) ?? this.before[g.name]]))];
    for (let t = 1; t <= steps; t++) {
      y.push(Object.fromEntries(this.groups.map(({ name, size, unit }) => {
        if (!this.into[name].length) return [name, given(name, t) ?? new Array(size).fill(0)];
        return [name, Array.from({ length: size }, (_, j) => UNITS[unit].output(this.total(w, name, j, y[t - 1])))]; // (2)
      })));
    }
    return y;
  }

  total(w, name, j, below) { // (1)
    let x = 0;
    for (const { source, first, from } of this.into[name]) {
      for (let i = 0; i < from; i++) x += w[first + j * from + i] * (source === "one" ? 1 : below[source][i]);
    }
    return x;
  }

  // desired(name, t): desired states, or nothing. dE/dx of every unit at every step, from the last one back.
  backward(w, y, desired) {
    const zero = () => Object.fromEntries(this.groups.map((g) => [g.name, new Array(g.size).fill(0)]));
    const dE_dy = y.map(zero), dE_dx = y.map(zero);
    for (let t = y.length - 1; t > 0; t--) {
      for (const { name, unit } of this.groups) {
        const d = desired(name, t);
        if (d) d.forEach((dj, j) => { dE_dy[t][name][j] += toleratedDifference(this.tolerance, y[t][name][j], dj); }); // (4)
        if (!this.into[name].length) continue;
        dE_dx[t][name] = dE_dy[t][name].map((dE, j) => dE * UNITS[unit].slope(y[t][name][j])); // (5)
        for (const { source, first, from } of this.into[name]) {
          if (source === "one") continue;
          dE_dx[t][name].forEach((dE, j) => {
            for (let i = 0; i < from; i++) dE_dy[t - 1][source][i] += dE * w[first + j * from + i]; // (7)
          });
        }
      }
    }
    return dE_dx;
  }

  // dE/dw of one weight in each of its places, (6): step t sets the states at t.
  places(y, dE_dx, { source, target, j, i }) {
    return y.slice(1).map((_, s) => dE_dx[s + 1][target][j] * (source === "one" ? 1 : y[s][source][i]));
  }

  // Weight number k: which unit it leads from and to.
  ends(k) {
    const { source, target, first, from } = this.links.find((l) => k >= l.first && k < l.first + l.to * l.from);
    return { source, target, j: Math.floor((k - first) / from), i: (k - first) % from };
  }
}

addScene("iterative", {
  editable: true, // weights can be changed by hand
  columns(width) { return width < 640 ? 1 : 2; },
  first(width) { return this.columns(width) === 2 ? Math.round(width * 0.54) - 14 : width; },
  secondHeight(scene, w) { return this.matrix(scene, w).height + 292; },
  height(width, scene) {
    const w = this.first(width), two = this.columns(width) === 2;
    const one = this.firstHeight(scene, w), other = this.secondHeight(scene, two ? width - w - 30 : width);
    return two ? Math.max(one, other) : one + other + 20;
  },

  net(scene) { return new IterativeNet(scene); },
  begin(view) {
    const { scene } = view;
    if (view.task !== scene.task || view.presented?.length !== scene.presented.length) view.presented = [...scene.presented];
    if (view.task !== scene.task || !(view.kept < scene.weight_names.length)) {
      view.kept = scene.stepLinks.find((l) => l.source === l.target && l.from > 1).first + 1;
    }
    view.task = scene.task;
    view.wave ??= -1e9;
  },
  reach: "units, letters and weights; Enter chooses",

  told(view, { type, presented }) { if (type === "present") this.present(view, presented, false); },
  typed(view, key) {
    const letter = view.scene.letters?.indexOf(key.toUpperCase()) ?? -1;
    if (letter >= 0) this.present(view, [view.presented[1], letter]);
  },
  spoil({ scene, presented }) { // a fifth of the letter that is nearest, flipped
    const pixels = [...this.nearest(scene, presented).pixels], count = pixels.length / 5, flipped = new Set();
    while (flipped.size < count) flipped.add(Math.floor(Math.random() * pixels.length));
    for (const k of flipped) pixels[k] = 1 - pixels[k];
    return pixels;
  },
  nearest(scene, pixels) {
    const apart = ({ pixels: other }) => other.filter((on, k) => on !== pixels[k]).length;
    return scene.pictures.reduce((best, one) => (apart(one) < apart(best) ? one : best));
  },

  // Show other input: it runs forward through time, and the error back.
  present(view, presented, tell = true) {
    view.presented = [...presented];
    view.wave = this.waveBegins();
    if (tell) view.tell({ type: "presented", presented: view.presented });
  },

  waveBegins: () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? -1e9 : performance.now()),

  // ---- what is given and desired for what is presented

  given(view) {
    const { scene, presented } = view, one = (k, n) => Array.from({ length: n }, (_, i) => Number(i === k));
    if (scene.task === "sequences") {
      return (name, t) => (name === "letters" && t < 2 * scene.hold ? one(presented[Math.floor(t / scene.hold)], 5) : null);
    }
    return (name, t) => {
      const at = t === 0 ? scene.panels[0].groups.indexOf(name) : -1;
      return at < 0 ? null : presented.slice(at * scene.size, (at + 1) * scene.size);
    };
  },

  desired(view) {
    const { scene, presented } = view;
    const at = (name, t) => scene.desired[name]?.includes(t);
    if (scene.task === "sequences") {
      const digits = presented.map((k) => scene.pairs[k]).join("");
      return (name, t) => (at(name, t) ? [..."123"].map((c) => Number(c === digits[Math.floor((t - 1) / scene.hold) - 2])) : null);
    }
    if (scene.task === "shift register") {
      return (name, t) => (at(name, t) ? presented.map((_, k) => presented[(((k - t) % scene.size) + scene.size) % scene.size]) : null);
    }
    const { pixels } = this.nearest(scene, presented);
    return (name, t) => {
      const row = scene.panels[0].groups.indexOf(name);
      return at(name, t) ? pixels.slice(row * scene.size, (row + 1) * scene.size) : null;
    };
  },

  chosenIs: ({ presented, kept, scene }) => [scene.task, presented, kept],
  chosenNow({ answered, kept, scene, moment }) {
    return `the answer is ${answered.replace(" \u2713", ", right").replace(" \u2717", ", wrong").replaceAll("\u2192", "to")}. ` +
      `The weight shown is ${scene.weight_names[kept]}, w = ${number(moment.w[kept], 3)}`;
  },
  tells(view) {
    const { weight, gradients, scene } = view;
    return { task: scene.task, presented: view.presented.join(" "), answered: view.answered, weight: scene.weight_names[weight],
      places: gradients.map((g) => g.toPrecision(6)).join(" "), change: view.change.toPrecision(6) };
  },

  draw(pen, view) {
    const { scene, net, moment, width } = view, two = this.columns(width) === 2, w = this.first(width);
    const given = this.given(view), desired = this.desired(view);
    view.y = net.forward(moment.w, scene.watch, given);
    const trained = view.y.slice(0, scene.steps + 1);
    view.dE_dx = net.backward(moment.w, trained, desired);
    view.weight = view.litIndex("weight") ?? view.kept;
    view.ends = net.ends(view.weight);
    view.gradients = net.places(trained, view.dE_dx, view.ends);
    const sum = view.gradients.reduce((a, g) => a + g, 0);
    view.change = scene.tied === "sum" ? sum : sum / scene.steps;
    const passed = (performance.now() - view.wave) / 80, end = scene.watch + scene.steps + 2;
    view.reached = passed > end ? null : passed; // columns the wave has come to, there and back
    if (view.reached !== null) requestAnimationFrame(view.repaint);

    let y = this.drawChoice(pen, { x: 0, y: 0, w }, view);
    y = this.drawSteps(pen, { x: 0, y, w }, view, "Forward through time", "area = activity, dot = should be on",
      { values: view.y, last: scene.watch, desired, reached: view.reached ?? 1e9 });
    y = this.drawAnswer(pen, { x: 0, y, w }, view, desired);
    const none = view.dE_dx.every((s) => Object.values(s).flat().every((g) => g === 0));
    this.drawSteps(pen, { x: 0, y: y + 10, w }, view, "Backward through time", none ? "all is within .8/.2: no error goes back" : "\u2202E/\u2202x of every unit: white +, black \u2212",
      { values: view.dE_dx, last: scene.steps, back: true, reached: view.reached === null ? 1e9 : view.reached - scene.watch - 1 });

    const second = two ? { x: w + 30, y: 0, w: width - w - 30 } : { x: 0, y: this.firstHeight(scene, w) + 20, w: width };
    const below = this.drawMatrix(pen, second, view);
    this.drawPlaces(pen, { ...second, y: below + 8 }, view);
    return drawCurve(pen, { ...second, y: below + 112, h: 112 }, view.record, view);
  },

  // ---- what is presented

  choiceHeight(scene) { return scene.task === "shift register" ? 26 : 50; },
  drawChoice(pen, { x, y, w }, view) {
    const { scene, presented } = view, { theme } = pen;
    const chip = (spot, text, cx, cy, wide, on, about, choose) => {
      const lit = view.lit === spotKey(spot.kind, spot.index);
      pen.box(cx, cy, wide, 20, { fill: on ? theme.accent : null, stroke: on || lit ? theme.accent : theme.line, radius: 10, width: lit ? 2 : 1 });
      pen.text(text, cx + wide / 2, cy + 10.5, { align: "center", colour: on ? theme.paper : theme.ink });
      pen.spot(spot, cx, cy, wide, 20, () => about, choose);
    };
    if (scene.task === "sequences") {
      pen.title("Two letters", x, y + 8, "click, or type them here", x + w);
      const pitch = Math.min(34, (w / 2 - 6) / scene.letters.length);
      ["first letter ", "second letter "].forEach((which, k) => scene.letters.forEach((letter, n) =>
        chip({ kind: which, index: n }, letter, x + k * (w / 2 + 3) + n * pitch, y + 22, pitch - 4, presented[k] === n,
          `${k ? "second" : "first"} letter ${letter}, which stands for ${scene.pairs[n]}`,
          () => this.present(view, presented.map((before, place) => (place === k ? n : before))))));
    } else if (scene.task === "search") {
      pen.title("A spoilt letter", x, y + 8, "click on a square of step 0 to flip it", x + w);
      const is = scene.pictures.findIndex(({ pixels }) => pixels.every((on, k) => on === presented[k]));
      scene.pictures.forEach(({ letter }, n) => chip({ kind: "picture", index: n }, letter, x + n * 34, y + 22, 30, is === n,
        `show the letter ${letter} itself`, () => this.present(view, scene.pictures[n].pixels)));
      chip({ kind: "spoil" }, "spoil it", x + scene.pictures.length * 34 + 10, y + 22, 66, false,
        "flip a fifth of the letter, at random", () => this.present(view, this.spoil(view)));
    } else {
      pen.title("A pattern", x, y + 8, "click on a square of step 0 to flip it", x + w);
    }
    return y + this.choiceHeight(scene);
  },

  // ---- steps from left to right

  // Where panels stand: steps of a line, the side of a unit, and the height of one line of steps.
  grid(scene, w, last, back) {
    const perLine = scene.task === "search" ? scene.steps + 1 : last + 1, label = 46;
    const panels = scene.panels.filter((panel) => !back || panel.fed), pitch = (w - label) / perLine;
    const widest = Math.max(...panels.map((panel) => panel.columns));
    const side = Math.max(3, Math.min(scene.task === "shift register" ? 20 : 11, (pitch - 8) / widest));
    const rows = panels.map((panel) => Math.ceil(panel.units / panel.columns)), gap = scene.size <= 8 && scene.panels.length === 1 && scene.task === "shift register" ? 10 : 0;
    const height = rows.reduce((sum, n) => sum + n * (side + gap) + 7, 0) + 16;
    return { perLine, label, panels, pitch, side, rows, gap, height, lines: Math.ceil((last + 1) / perLine) };
  },
  stepsHeight(scene, w, last, back) { const g = this.grid(scene, w, last, back); return 20 + g.lines * g.height; },
  firstHeight(scene, w) {
    return this.choiceHeight(scene) + this.stepsHeight(scene, w, scene.watch, false) + 34 + 10 + this.stepsHeight(scene, w, scene.steps, true);
  },

  drawSteps(pen, { x, y, w }, view, title, note, { values, last, desired = null, back = false, reached }) {
    const { scene } = view, { theme } = pen, g = this.grid(scene, w, last, back);
    const largest = back ? Math.max(1e-12, ...values.flatMap((s) => Object.values(s).flat().map(Math.abs))) : 1;
    pen.title(title, x, y + 6, note, x + w);
    for (let t = back ? 1 : 0; t <= last; t++) {
      const seen = back ? scene.steps - t <= reached : t <= reached;
      const left = x + g.label + (t % g.perLine) * g.pitch, line = Math.floor(t / g.perLine);
      let top = y + 20 + line * g.height;
      const now = back ? Math.floor(reached) === scene.steps - t : Math.floor(reached) === t;
      if (now && view.reached !== null) pen.rect(left - 3, top - 3, g.pitch - 2, g.height - 4, theme.faint);
      g.panels.forEach((panel, p) => {
        if (t === 0 || (back && t === 1) || t % g.perLine === 0) pen.text(panel.label, x, top + 6, { colour: theme.quiet, size: 10 });
        this.drawPanel(pen, view, panel, { left, top, t, g, seen, back, largest, values, desired, last });
        top += g.rows[p] * (g.side + g.gap) + 7;
      });
      const label = t === 0 ? "before" : t > scene.steps ? `${t}, untrained` : `step ${t}`;
      pen.text(g.pitch < 52 && t > 0 ? String(t) : label, left + (g.side * g.panels[0].columns) / 2, top + 2, { align: "center", size: 10, colour: t > scene.steps ? theme.held : theme.quiet });
    }
    return y + 20 + g.lines * g.height;
  },

  drawPanel(pen, view, panel, { left, top, t, g, seen, back, largest, values, desired, last }) {
    const { scene, ends } = view, { theme } = pen, { side, gap } = g, each = panel.units / panel.groups.length;
    const place = (k) => [left + (k % panel.columns) * side, top + Math.floor(k / panel.columns) * (side + gap)];
    if (!gap) pen.rect(left, top, panel.columns * side, Math.ceil(panel.units / panel.columns) * side, FIELD);
    if (gap && t < last && (t % g.perLine) + 1 < g.perLine && !back) this.drawArcs(pen, view, panel, { place, g });
    for (let k = 0; k < panel.units; k++) {
      const group = panel.groups[Math.floor(k / each)], unit = k % each, [cx, cy] = place(k), value = values[t][group][unit];
      if (gap) pen.rect(cx, cy, side, side, FIELD);
      if (seen) pen.square(value / largest, cx + 0.5, cy + 0.5, side - 1);
      const d = desired?.(group, t);
      if (d && d[unit] > 0.5) pen.circle(cx + side / 2, cy + side / 2, Math.max(1.1, side * 0.14), { fill: "#000" });
      const isTo = ends.target === group && ends.j === unit && t >= 1 && t <= scene.steps;
      const isFrom = !back && ends.source === group && ends.i === unit && t < scene.steps;
      if (isTo || isFrom) pen.frame(cx, cy, side, side, theme.accent, 1.5);
      const input = !back && t === 0 && scene.task !== "sequences";
      const name = `${panel.names ? panel.names[unit] : `${group}, unit ${unit + 1}`} ${t ? `at step ${t}` : "before the first step"}`;
      const spot = input ? { kind: "given", index: k } : { kind: back ? "x" : "y", index: `${t}.${group}.${unit}` };
      if (view.lit === spotKey(spot.kind, spot.index)) pen.frame(cx, cy, side, side, theme.accent, 2);
      const state = back ? "" : `${d ? `, should be ${d[unit]}` : ""}${input ? "; click to flip" : ""}`;
      pen.spot(spot, cx, cy, side, side,
        () => (back ? `${name}: \u2202E/\u2202x = ${number(value, 4)}` : `${name}: ${number(value)}${state}`),
        input ? () => this.present(view, view.presented.map((on, place) => (place === k ? 1 - on : on))) : null);
    }
  },

  drawArcs(pen, { scene, moment, weight }, panel, { place, g }) {
    const link = scene.stepLinks.find((l) => l.source === l.target), all = moment.w.slice(link.first, link.first + link.to * link.from);
    const largest = Math.max(1e-9, ...Array.from(all, Math.abs));
    for (let j = 0; j < link.to; j++) {
      for (let i = 0; i < link.from; i++) {
        const k = link.first + j * link.from + i, value = moment.w[k], [x1, y1] = place(i), [x2, y2] = place(j);
        const ink = k === weight ? pen.theme.accent : value < 0 ? pen.theme.negative : pen.theme.positive;
        pen.line(x1 + g.side, y1 + g.side / 2, x2 + g.pitch, y2 + g.side / 2, ink, 0.5 + (4 * Math.abs(value)) / largest);
      }
    }
  },

  // ---- the answer in words

  drawAnswer(pen, { x, y, w }, view, desired) {
    const { scene, presented, y: states } = view, { theme } = pen;
    let says, right = true, told = "";
    const side = (t) => scene.panels[0].groups.flatMap((name) => states[t][name].map((v) => Number(v > 0.5)));
    if (scene.task === "sequences") {
      const name = presented.map((k) => scene.letters[k]).join(""), full = name + presented.map((k) => scene.pairs[k]).join("");
      let read = "";
      for (let t = 3 * scene.hold; t <= 6 * scene.hold; t += scene.hold) {
        const d = states[t].digits, on = d.map((v, k) => (v > 0.5 ? k + 1 : "")).join("");
        read += on.length === 1 ? on : "?";
      }
      right = name + read === full;
      says = `${name} \u2192 ${[...read].join(" ")}`;
      told = scene.held.includes(full) ? "it is never shown this sequence" : "it is trained on this sequence";
    } else if (scene.task === "search") {
      const letter = this.nearest(scene, presented), at = states.findIndex((_, t) => side(t).every((on, k) => on === letter.pixels[k]));
      const ends = [scene.steps, scene.watch].map((t) => side(t).every((on, k) => on === letter.pixels[k]));
      right = ends[0];
      says = at < 0 ? `never becomes ${letter.letter}` : `becomes ${letter.letter} at step ${at}`;
      told = ends[0] ? `and ${ends[1] ? "stays so" : "does not stay so"} for twice as many steps` : "not within the trained steps";
    } else {
      const names = states.map((_, t) => side(t).join(""));
      right = desired("ring", scene.steps).join("") === names[scene.steps];
      says = names.slice(0, scene.steps + 1).join(" \u2192 ");
      told = `one place a step${scene.watch > scene.steps ? `; then, untrained: ${names.slice(scene.steps + 1).join(" \u2192 ")}` : ""}`;
    }
    view.answered = `${says} ${right ? "\u2713" : "\u2717"}`;
    pen.text(view.answered, x, y + 8, { size: 13, weight: "600", colour: right ? theme.right : theme.wrong, room: w - 92 });
    pen.text(told, x, y + 26, { colour: theme.quiet, room: w });
    const lit = view.lit === "again";
    pen.box(x + w - 84, y, 84, 20, { stroke: lit ? theme.accent : theme.line, width: lit ? 2 : 1, radius: 10 });
    pen.text("run it again", x + w - 42, y + 10.5, { align: "center" });
    pen.spot({ kind: "again" }, x + w - 84, y, 84, 20, () => "forward through time, and back",
      () => { view.wave = this.waveBegins(); });
    return y + 34;
  },

  // ---- the weights of one step

  matrix(scene, w) { return matrixOf({ groups: scene.stepGroups, links: scene.stepLinks }, w, 286); },

  drawMatrix(pen, { x, y, w }, view) {
    const { scene, moment, weight } = view, matrix = this.matrix(scene, w);
    pen.title("The weights of one step", x, y + 8, `the same at every step; largest ${number(largestOf(moment.w), 1)}`, x + w);
    drawMatrix(pen, { x, y }, matrix, moment.w, {
      kept: weight, lit: view.lit, about: (k) => this.aboutWeight(view, k), choose: (k) => { view.kept = k; },
    });
    return y + matrix.height;
  },

  aboutWeight({ scene, moment }, k) { return `${scene.weight_names[k]}: w = ${number(moment.w[k], 3)}; its places are below`; },

  // One weight in all its places: dE/dw at each step, and what they make together.
  drawPlaces(pen, { x, y, w }, { scene, weight, gradients, change, moment }) {
    const { theme } = pen, n = gradients.length, side = Math.min(34, (w - 10) / n), largest = Math.max(1e-12, ...gradients.map(Math.abs));
    pen.title(`${scene.weight_names[weight]}, in its ${n} place${n > 1 ? "s" : ""}`, x, y + 8, `w = ${number(moment.w[weight], 3)}`, x + w);
    gradients.forEach((g, s) => {
      const px = x + s * side, words = `into step ${s + 1}: \u2202E/\u2202w = ${number(g, 5)}`;
      pen.rect(px, y + 22, side - 1, side - 1, FIELD);
      pen.square(g / largest, px + 1, y + 23, side - 3);
      if (side > 18) pen.text(String(s + 1), px + side / 2, y + 30 + side, { align: "center", size: 10, colour: theme.quiet });
      pen.spot({ kind: "place", index: s }, px, y + 22, side, side, () => words);
    });
    const how = scene.tied === "sum" ? "sum (1988)" : "average (the paper)", at = y + 44 + side;
    pen.text(`\u2202E/\u2202w by step, for this case; their ${how}: ${number(change, 5)}`, x, at, { size: 10.5, colour: theme.quiet, room: w });
  },
});

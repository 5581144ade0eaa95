// A lab for a page of anybody: <backprop-1986 lab="symmetry" seed="10" playing></backprop-1986>. As its default export
// the same is a widget for MyST's {anywidget} directive and for anywidget. docs/embed.md describes both.

import { element } from "./controls.js";
import { loadKernel } from "./engine.js";
import { build } from "./lab_page.js";
import { bytesOf, sessionOf } from "./page_parts.js";
import { follow } from "./sharing.js";
import { where } from "./where.js";
import { say } from "./words.js";

const { labs, kernel, style } = globalThis.backprop1986; // labs/page/embed.py puts it before this
const shared = () => (shared.kernel ??= loadKernel(bytesOf(kernel))); // by all labs of a page

// Show a lab in `el`. settings: { lab, seed, epsilon, alpha, playing, ticket }, all optional. Gives what ends it.
async function show(el, { lab = "symmetry", seed, epsilon, alpha, playing, ticket }) {
  const found = labs[lab];
  if (!found) {
    el.textContent = `There is no lab "${lab}"; one of ${Object.keys(labs).join(", ")} is expected.`;
    return () => {};
  }
  const { about, others } = found, { recipe } = about;
  const number = (text, otherwise) => (text === undefined || text === null || text === "" ? otherwise : Number(text));
  const settings = {
    ...about.settings, epsilon: number(epsilon, about.settings.epsilon), alpha: number(alpha, about.settings.alpha),
  };
  const phases = recipe.phases.map((phase) => ({ ...phase, epsilon: settings.epsilon, alpha: settings.alpha }));
  const mine = { ...about, settings, seed: number(seed, about.seed), recipe: { ...recipe, phases } };
  const session = sessionOf(await shared(), mine, { others, say, where });
  const page = element("section", { className: "bp-lab" },
    element("header", { className: "bp-head" }, element("div", { className: "bp-name" },
      element("b", { textContent: about.look.title }), element("span", { textContent: session.scene.shape }))),
    element("div", { className: "bp-controls" }), element("div", { className: "bp-recorded" }));
  page.setAttribute("aria-label", `${about.look.title}: a network that learns`);
  el.replaceChildren(element("style", { textContent: style }), element("div", { className: "bp-embed" }, page));
  const end = build(page, session, mine);
  if (ticket) await follow(session, ticket, mine.ticket).catch((wrong) => session.say(`${wrong.message}.`));
  if (playing !== undefined && playing !== null && playing !== false) session.play();
  return () => { session.pause(); end(); };
}

class Backprop extends HTMLElement {
  connectedCallback() {
    const names = ["lab", "seed", "epsilon", "alpha", "playing", "ticket"];
    this.shown = show(this, Object.fromEntries(names.map((name) => [name, this.getAttribute(name) ?? undefined])));
  }

  async disconnectedCallback() { (await this.shown)(); }
}

if (!customElements.get("backprop-1986")) customElements.define("backprop-1986", Backprop);

export default {
  async render({ model, el }) {
    const names = ["lab", "seed", "epsilon", "alpha", "playing", "ticket"];
    return show(el, Object.fromEntries(names.map((name) => [name, model.get(name) ?? undefined])));
  },
};

// The front page: a network that learns at once, and the two sliders.

import { render } from "../kit/stage/stage.js";
import { button, choice, slider } from "./controls.js";
import { loadKernel } from "./engine.js";
import "./front.js";
import { lookButton, bytesOf, sessionOf } from "./page_parts.js";

const DECIMALS = { epsilon: 3, alpha: 2 };
const AFTER = 500; // sweeps that it goes on when every case is right

function build(session, { look }) {
  const page = document.querySelector(".bp-lab"), find = (name) => page.querySelector(name);
  const play = button("", "Learn, or stop learning", () => session.toggle(), "bp-main");
  const sliders = Object.entries(DECIMALS).map(([name, decimals]) => {
    const setting = session.controls.find((one) => one.name === name);
    const made = slider({ ...setting, decimals }, session.value(name), (value) => session.move(name, value));
    return { ...made, name };
  });
  const instant = choice(look.instant, session.instant, (value) => session.move("instant", value));
  find(".bp-buttons").append(
    play,
    button("Start again", "Back to the same starting weights", () => again(() => session.reset())),
    button("Another start", "Other starting weights", () => again(() => session.newStart())),
  );
  find(".bp-sliders").append(...sliders.map((one) => one.element), instant.element);
  const again = (act) => {
    act();
    if (!session.instant) session.play();
  };
  session.onSettings = () => {
    for (const { name, set } of sliders) set(session.value(name));
    instant.set(session.instant);
  };
  session.onPlaying = () => {
    play.textContent = session.playing ? "\u275a\u275a Pause" : "\u25b6 Play";
    play.dataset.sign = session.playing ? "\u275a\u275a" : "\u25b6";
  };
  session.onSweeps = () => {
    const { solvedAt, sweeps } = session.run;
    if (session.playing && solvedAt >= 0 && sweeps >= solvedAt + AFTER && !session.rested) {
      session.rested = true; // Play goes on
      session.pause();
    }
  };
  document.querySelector(".bp-top nav").append(lookButton());
  render({ model: session.model, el: find(".bp-recorded") });
  session.play();
}

async function start() {
  const read = (id) => document.getElementById(id).textContent, about = JSON.parse(read("learning"));
  build(sessionOf(await loadKernel(bytesOf(read("kernel"))), about), about);
}

start();

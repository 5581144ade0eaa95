// A lab that learns without Python: its head, its controls, the stage, its ticket.

import { render } from "../kit/stage/stage.js";
import { button, controlsOf } from "./controls.js";
import { ticketRow } from "./sharing.js";

// The whole lab in `page`: its head, with `more` buttons, its controls, the stage. Gives what ends it.
export function build(page, session, { look, ticket }, more = []) {
  const head = page.querySelector(".bp-head"), box = page.querySelector(".bp-controls");
  const play = button("\u25b6 Play", "Learn, or stop learning", () => session.toggle(), "bp-main");
  const larger = button("A+", "Larger type, for a projector", () => {
    larger.setAttribute("aria-pressed", page.classList.toggle("bp-large"));
    larger.classList.toggle("mod-active");
  }, "bp-larger");
  larger.setAttribute("aria-pressed", "false");
  head.append(
    play,
    button("One sweep", "One pass through all cases, one change of the weights", () => session.step()),
    button("Until solved", "Learn until every case is right", () => session.playUntilSolved()),
    button("Restart", "Back to the same starting weights", () => session.reset()),
    button("Keep", "Keep this error curve to compare others with it; four are kept", () => session.keep()),
    larger, ...more,
  );
  const controls = controlsOf(session, look), shape = head.querySelector(".bp-name span");
  box.append(...controls.parts);
  session.onSettings = () => { controls.update(); shape.textContent = session.scene.shape ?? ""; };
  session.onPlaying = () => { play.textContent = session.playing ? "\u275a\u275a Pause" : "\u25b6 Play"; };
  if (ticket) page.append(ticketRow(session, ticket)); // a network of one's own has none
  return render({ model: session.model, el: page.querySelector(".bp-recorded") });
}

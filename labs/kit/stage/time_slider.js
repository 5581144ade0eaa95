// The slider for the time, which lies on the curve's own time axis, and the button for a logarithmic scale above it.

import { setDescription } from "./announce.js";
import { count } from "./pen.js";

// Returns what places them, says the sweep to screen readers and tells whether the person has just moved the slider.
export function timeSlider(time, scale, view) {
  const slider = {
    moved: false, // by the person, since say() was called
    axis: () => {
      const { run, plot: { left, right, bottom, horizon } } = view;
      return [run, horizon, left, right, bottom].join();
    },
    place() { // it is as long as the run
      const { record, plot: { left, right, top, bottom, horizon } } = view;
      const length = (record.sweep / horizon) * (right - left), beside = right - left < 300 ? 38 : 46;
      Object.assign(time.style, { left: `${left - 8}px`, top: `${bottom + 1}px`, width: `${length + 16}px` });
      if (Number(time.max) !== record.sweep) time.max = record.sweep;
      if (Number(time.value) !== view.t) time.value = view.t;
      Object.assign(scale.style, { left: `${left + beside}px`, top: `${top - 34}px` });
    },
    say() {
      setDescription(time, `sweep ${count(view.t)} of ${count(view.record.sweep)}`, "aria-valuetext");
      slider.moved = false;
    },
  };
  time.addEventListener("input", () => {
    view.t = Number(time.value);
    view.following = view.t >= Number(time.max); // more may have come since the slider was painted
    slider.moved = true;
    view.repaint();
  });
  scale.addEventListener("click", () => {
    view.logarithmic = !view.logarithmic;
    scale.setAttribute("aria-pressed", view.logarithmic);
    view.repaint();
  });
  for (const control of [time, scale]) control.addEventListener("keydown", (event) => event.stopPropagation());
  return slider;
}

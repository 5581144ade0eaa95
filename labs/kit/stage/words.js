// The sentences about what was learnt, beside the canvas.

import { showButton } from "./veil.js";

const CLASSES = { "\u2713": "bp-yes", "\u2717": "bp-no" };
const together = (text) => text.replaceAll(" : ", "\u00a0:\u00a0"); // ratios stay on one line

function itemOf([mark, text, exercise], giveUp) {
  const item = document.createElement("li");
  item.className = CLASSES[mark] ?? "bp-notyet";
  item.dataset.mark = mark;
  item.textContent = together(text);
  if (mark === "?") item.append(" ", showButton(exercise, giveUp));
  return item;
}

// Returns show(words, note), which changes only what differs from what `list` shows. Items that came anew with every
// frame would make a notebook work out its styles and its layout anew, which costs as much as the drawing.
export function wordList(list, giveUp) {
  let shown = [];
  return (words, note) => {
    words.forEach((said, k) => {
      const item = list.children[k], [mark, text, exercise] = shown[k] ?? [];
      if (!item) list.append(itemOf(said, giveUp));
      else if (said[0] !== mark || said[2] !== exercise) item.replaceWith(itemOf(said, giveUp));
      else if (said[1] !== text) item.firstChild.data = together(said[1]);
    });
    while (list.children.length > words.length) list.lastChild.remove();
    if (list.dataset.note !== note) list.dataset.note = note;
    shown = words;
  };
}

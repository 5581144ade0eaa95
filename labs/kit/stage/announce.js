// What a screen reader reads aloud: what the keys are on, what was chosen, that learning begins or ends. Never a number
// for every sweep: a screen reader cannot speak sixty times a second.

// Returns announce(text). Of several texts at once, as when a key is held down, the last one counts.
export function announcer(element) {
  let waiting = null, last = "";
  return (text) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (text === last) element.textContent = ""; // else the same words would not be spoken again
      element.textContent = last = text;
    }, 120);
  };
}

// Returns a function that calls `act` at once, but while `isBusy()` only every so many milliseconds. A call that comes
// too early schedules `repaint`, which calls the function again, so that the last frame is not left out.
export function atMostEvery(milliseconds, act, isBusy, repaint) {
  let last = -1e9, waiting = null;
  return () => {
    const rest = isBusy() ? milliseconds - (performance.now() - last) : 0;
    if (rest > 0) {
      waiting ??= setTimeout(() => { waiting = null; repaint(); }, rest);
      return;
    }
    last = performance.now();
    act();
  };
}

// Describes an element for screen readers, some of which read a description that is set again, if it is the same.
export function setDescription(element, text, attribute = "aria-label") {
  if (element.getAttribute(attribute) !== text) element.setAttribute(attribute, text);
}

// A sentence as part of a text: it begins with a capital letter and ends with one full stop.
export const sentence = (words) => {
  if (!words) return "";
  return `${words[0].toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."} `;
};

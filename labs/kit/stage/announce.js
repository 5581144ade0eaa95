// What is said aloud to who does not see the canvas: what the keys are on, what was chosen, that learning begins or ends.
// Never a number for every sweep: a reader that speaks cannot be sixty times a second.

export function voiceOf(element) {
  let waiting = null, said = "";
  return (sentence) => { // of several at once, as when a key is held down, the last counts
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (sentence === said) element.textContent = ""; // else the same words would not be spoken again
      element.textContent = said = sentence;
    }, 120);
  };
}

// Calls `tell` at once, but not oftener than once a second while `isBusy()`. Then the page is painted again later, which calls this
// again, so that the last frame is told too.
export function notAtEveryFrame(tell, isBusy, repaint) {
  let told = -1e9, waiting = null;
  return () => {
    const rest = isBusy() ? 1000 - (performance.now() - told) : 0;
    if (rest > 0) {
      waiting ??= setTimeout(() => { waiting = null; repaint(); }, rest);
      return;
    }
    told = performance.now();
    tell();
  };
}

// A sentence as part of a text: with one full stop.
export const sentence = (words) => (words ? `${words[0].toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."} ` : "");

// What an open exercise asks for is not on the page: a ? stands for it, and a click on the ? gives the exercise up.

// The exercise that veils E at the moment shown, and the one that veils its axis; null if none does.
export function veilOfE({ scene: { asks_for_E: asked = [] }, veiled, t }) {
  const open = asked.filter((number) => veiled.includes(number));
  return { axis: open[0] ?? null, number: open.find((number) => t > 0 || number === asked[0]) ?? null };
}

// Sentences, [mark, text, exercises that ask for it ...]; those of open exercises are replaced.
export function veiledWords(words, veiled) {
  if (!veiled.length) return words;
  return words.map((said) => {
    const open = said.slice(2).find((exercise) => veiled.includes(exercise));
    return open ? ["?", `exercise ${open} asks for this`, open] : said;
  });
}

export function showButton(exercise, giveUp) {
  const shown = Object.assign(document.createElement("button"), { type: "button", textContent: "show me" });
  shown.className = "bp-show-me";
  shown.title = `Give exercise ${exercise} up, and show this`;
  shown.addEventListener("click", () => giveUp(exercise));
  return shown;
}

// A ? on the canvas, which ends at x.
export function drawVeil(pen, x, y, before, exercise, giveUp) {
  const text = `${before}?  exercise ${exercise}`;
  pen.text(text, x, y, { align: "right", size: 12, weight: "600", colour: pen.theme.accent, halo: true });
  const wide = pen.ctx.measureText(text).width;
  pen.spot({ kind: "veil", index: exercise }, x - wide - 2, y - 8, wide + 4, 16,
    () => `exercise ${exercise} asks for this; click to give it up and see it`, () => giveUp(exercise));
}

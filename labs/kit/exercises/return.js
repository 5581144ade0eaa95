// Run All Cells leaves the reader at the last cell. This brings the first exercise back into sight, once all has run.

const WAITING = "[*]:";
const FRESH = 120_000; // milliseconds; a page that is loaded anew later shows an exercise that was made before
const QUIET = 3; // looks, one each 200 ms, at which nothing runs any more

function render({ model, el }) {
  let stop = () => {};
  const placed = setInterval(() => { // on a busy computer the widget is drawn before it is put into its cell
    if (!el.isConnected) return;
    clearInterval(placed);
    const cell = el.closest(".jp-Cell"), notebook = el.closest(".jp-Notebook");
    // Neither on another page than a notebook's nor on one that was loaded anew.
    if (cell && notebook && Math.abs(Date.now() - model.get("made")) < FRESH) stop = bringBack(cell, notebook);
  }, 50);
  return () => { clearInterval(placed); stop(); };
}

function bringBack(cell, notebook) {
  const prompts = (cells) => cells.map((one) => one.querySelector(".jp-InputPrompt")?.textContent.trim() ?? "");
  const all = () => prompts([...notebook.querySelectorAll(".jp-Cell")]);
  const number = (prompt) => Number(/\d+/.exec(prompt)?.[0] ?? 0);
  const ranOn = () => { // or was this cell run by itself?
    const cells = [...notebook.querySelectorAll(".jp-Cell")], [own] = prompts([cell]);
    return prompts(cells.slice(cells.indexOf(cell) + 1)).some((prompt) => number(prompt) > number(own));
  };
  const above = cell.previousElementSibling, introduces = above?.classList.contains("jp-MarkdownCell")
    && above.offsetHeight < notebook.clientHeight / 2;
  let moved = false;
  const onMove = ({ isTrusted }) => { moved ||= isTrusted; };
  const kinds = ["wheel", "pointerdown", "keydown"];
  kinds.forEach((kind) => notebook.addEventListener(kind, onMove, true)); // who reads on is left alone
  const stop = () => {
    clearInterval(timer);
    kinds.forEach((kind) => notebook.removeEventListener(kind, onMove, true));
  };
  let quiet = 0;
  const timer = setInterval(() => {
    quiet = all().includes(WAITING) ? 0 : quiet + 1;
    if (moved) stop();
    if (moved || quiet < QUIET) return;
    stop();
    if (ranOn()) (introduces ? above : cell).scrollIntoView({ block: "start" });
  }, 200);
  return stop;
}

export default { render };

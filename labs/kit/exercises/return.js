// Run All Cells leaves the reader at the last cell. This brings the first exercise back into sight, once all has run.

const WAITING = "[*]:";

function render({ el }) {
  const cell = el.closest(".jp-Cell"), notebook = el.closest(".jp-Notebook");
  if (!cell || !notebook) return undefined; // another page than a notebook's
  const prompts = () => [...notebook.querySelectorAll(".jp-InputPrompt")].map((prompt) => prompt.textContent.trim());
  if (prompts().filter((text) => text === WAITING).length < 2) return undefined; // this cell was run by itself
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
    quiet = prompts().includes(WAITING) ? 0 : quiet + 1;
    if (moved) stop();
    if (moved || quiet < 3) return;
    stop();
    const above = cell.previousElementSibling, introduces = above?.classList.contains("jp-MarkdownCell");
    (introduces ? above : cell).scrollIntoView({ block: "start" });
  }, 200);
  return stop;
}

export default { render };

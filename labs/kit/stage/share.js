// The row of a lab for sharing it: a link, which is the page's own address followed by the ticket, and files, which the
// kernel makes and the browser saves. A page opened by such a link sends the ticket to the kernel, which follows it.

import { receiveLate } from "./late_module_fix.js";

const TICKET = /^#(bp\d+\..*)$/;

function address(url) { // of a notebook, for others: without this person's token
  const page = new URL(url);
  for (const own of ["token", "reset"]) page.searchParams.delete(own);
  return page.origin + page.pathname.replace(/\/lab\/workspaces\/[^/]+/, "/lab") + page.search;
}

function ticketOfPage() {
  // JupyterLab takes the ticket out of the address before any lab is there, and opens other notebooks in the same page.
  const came = performance.getEntriesByType("navigation")[0]?.name ?? "";
  const same = came.startsWith("http") && address(came) === address(location.href); // some browsers give no address
  const pages = [location.href, ...(same ? [came] : [])];
  return pages.map((url) => TICKET.exec(new URL(url).hash)?.[1]).find(Boolean);
}

function saveFile(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function render({ model, el }) {
  el.classList.add("bp-give");
  el.innerHTML = `
    <button type="button" class="jupyter-button" data-do="link"
      title="The address of this page with the ticket in it: who opens it sees this run">Link</button>
    <label>Save as <select aria-label="Save as"></select></label>
    <button type="button" class="jupyter-button" data-do="save" title="Save this lab as a file">Save</button>`;
  const [link, save] = el.querySelectorAll("button"), forms = el.querySelector("select");
  const view = Math.random().toString(36).slice(2);
  forms.append(...model.get("forms").map((name) => new Option(name)));
  forms.addEventListener("keydown", (event) => event.stopPropagation()); // JupyterLab would take the arrows

  const busy = (button, on) => { button.disabled = on; button.setAttribute("aria-busy", on); };
  link.addEventListener("click", () => model.send({ type: "link", view, page: address(location.href) }));
  save.addEventListener("click", () => { busy(save, true); model.send({ type: "save", view, form: forms.value }); });
  const onMessage = async (content, buffers) => {
    if (content.view !== view) return; // another view of the same lab asked
    if (content.type === "file") {
      busy(save, false);
      save.focus();
      if (content.name) saveFile(content.name, buffers[0]);
    }
    if (content.type !== "link" || !content.link) return;
    try {
      await navigator.clipboard.writeText(content.link);
      link.textContent = "Copied";
      setTimeout(() => { link.textContent = "Link"; }, 2000);
    } catch { /* not every browser allows it everywhere; the link is in the field */ }
  };
  const arrive = () => {
    const ticket = ticketOfPage();
    if (ticket) model.send({ type: "arrived", ticket });
  };
  model.on("msg:custom", onMessage);
  window.addEventListener("hashchange", arrive);
  arrive();
  receiveLate(model);
  return () => {
    model.off("msg:custom", onMessage);
    window.removeEventListener("hashchange", arrive);
  };
}

export default { render };

// What a person sees from the first moment on: sentences if something is missing, the picture of the lab, and how far
// it is while Python is loaded. A notebook that was opened by its address runs by itself, and keeps its address.

(() => {
  const about = JSON.parse(document.getElementById("bp-arrival")?.textContent ?? "null");
  const came = new URL(location.href), path = came.searchParams.get("path");
  const bar = document.createElement("div");
  const STARTED = 0.15, LOADED = 0.6, READY = 0.8; // shares of the bar: nothing loaded, all loaded, Python can be asked
  const RUN_BY_THEMSELVES = /^(labs|figures)\//; // that of docs needs PyTorch
  const NEVER_CHANGES = /\/(build|extensions)\/|\.whl$|\/pyodide\.asm/; // else the file has another name
  const PAUSE = 300; // milliseconds in which a lab that has come is painted

  const say = (sentence, quiet = false) => {
    const said = document.createElement("p"), close = document.createElement("button");
    said.className = quiet ? "bp-obstacle bp-quiet" : "bp-obstacle";
    said.setAttribute("role", "alert");
    said.textContent = sentence;
    close.textContent = "Close";
    close.addEventListener("click", () => said.remove());
    said.append(close);
    whenThere(() => document.body.prepend(said));
  };
  const whenThere = (act) => {
    if (document.body) act();
    else document.addEventListener("DOMContentLoaded", act);
  };
  const until = async (found) => {
    for (;;) {
      const value = found();
      if (value) return value;
      await new Promise((done) => setTimeout(done, 50));
    }
  };

  // ---- what cannot work

  function obstacle() {
    if (location.protocol === "file:") {
      return "A browser does not run Python from a folder that was opened as a file. In this folder run "
        + "python3 -m http.server 8000 and open http://localhost:8000 instead.";
    }
    if (typeof WebAssembly !== "object") {
      return "This browser cannot run Python, because WebAssembly is turned off or missing. Use a current Firefox, "
        + "Chrome, Edge or Safari, or ask whoever manages this computer.";
    }
    return "";
  }

  async function stores() { // False in some private windows, or if the user forbids it
    try {
      return await new Promise((done) => {
        const asked = indexedDB.open("bp-asked");
        asked.onsuccess = () => { asked.result.close(); indexedDB.deleteDatabase("bp-asked"); done(true); };
        asked.onerror = () => done(false);
      });
    } catch {
      return false;
    }
  }

  async function sayWhatIsNotKept() {
    if (!await stores()) {
      say("This browser keeps nothing for this page (a private window, or a setting): what you change and answer lasts "
        + "until the page is closed.");
      return;
    }
    if (!navigator.serviceWorker) {
      say("At an address that begins with http:// a browser lets Python keep no files: what you answer lasts until "
        + "this page is closed. What you change in the notebook is kept.", true);
      return;
    }
    const { quota = Infinity, usage = 0 } = await navigator.storage?.estimate?.() ?? {};
    if (quota - usage < 5e6) say("The storage of this browser is full: what you change and answer may not be kept.");
  }

  // ---- how far it is

  function show() {
    performance.setResourceTimingBufferSize(1000); // see keep
    const name = path?.split("/").pop().replace(".ipynb", "") ?? "";
    const picture = about.pictures[name];
    bar.className = "bp-arriving";
    bar.innerHTML = `<div class="bp-progress" role="progressbar" aria-label="Loading" aria-valuemin="0"
      aria-valuemax="100"><div></div></div><p></p>`;
    if (picture && !about.withoutCode) {
      const image = document.createElement("img");
      image.src = `${about.up}docs/${picture}`;
      image.alt = "";
      bar.append(image);
    }
    whenThere(() => document.body.append(bar));
    progress(0, "Loading Python. The first time takes some seconds; the browser keeps it for the next time.");
  }

  function progress(share, text) {
    const track = bar.querySelector(".bp-progress");
    track.setAttribute("aria-valuenow", Math.round(100 * share));
    track.firstElementChild.style.width = `${100 * share}%`;
    if (text) bar.querySelector("p").textContent = text;
  }

  const missing = (name) => {
    say(`The file ${name} is missing from this site, or the network is cut: Python cannot start.`);
    leave();
  };

  async function load() { // all at once, before JupyterLab asks for them: it then finds them in the cache
    const sizes = Object.entries(about.files), whole = sizes.reduce((sum, [, size]) => sum + size, 0);
    let loaded = 0;
    for (const name of about.large) {
      fetch(about.up + name, { method: "HEAD" }).then(({ ok }) => { if (!ok) missing(name); }, () => missing(name));
    }
    await Promise.all(sizes.map(async ([name]) => {
      const answer = await fetch(about.up + name).catch(() => null);
      if (!answer?.ok) {
        missing(name);
        return;
      }
      const reader = answer.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        loaded += value.length;
        progress(STARTED + (LOADED - STARTED) * Math.min(1, loaded / whole));
      }
    }));
  }

  const leave = () => { bar.remove(); bar.hidden = true; };

  async function keep() { // all that was loaded, for a time without a network; what never changes is kept once
    if (!navigator.serviceWorker || !window.caches) return;
    const kept = await caches.open("bp-kept"), here = new URL(about.up, location.href).href;
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    const ofPython = [...Object.keys(about.files), ...about.large].map((name) => here + name);
    const all = [here, location.href.split(/[?#]/)[0], ...loaded, ...ofPython];
    for (const address of new Set(all.filter((name) => name.startsWith(here)))) {
      if (NEVER_CHANGES.test(address) && await kept.match(address)) continue;
      const answer = await fetch(address).catch(() => null);
      if (answer?.ok) await kept.put(address, answer);
    }
  }
  // Painted when it is in sight.
  const live = () => document.querySelector(".bp-lab canvas, .bp-procedure, .bp-exercise");

  // ---- JupyterLab

  async function openNotebook() {
    const app = await until(() => window.jupyterapp?.shell && window.jupyterapp);
    await app.restored;
    document.body.classList.add("bp-there");
    const writeAddress = keepAddress(app);
    const panel = await until(() => {
      const open = app.shell.currentWidget;
      return open?.context?.path === path && open.content?.model && open;
    });
    progress(LOADED, "Python is starting. You can read meanwhile.");
    await panel.context.ready;
    await panel.sessionContext.ready;
    app.shell.collapseLeft(); // the list of files; JupyterLab has shown the notebook in it
    const kernel = await until(() => panel.sessionContext.session?.kernel);
    await kernel.info;
    writeAddress(); // JupyterLite may have changed it since the notebook was opened
    progress(READY, "The cells are running.");
    if (RUN_BY_THEMSELVES.test(path)) await run(panel);
    leave();
    document.body.dataset.ran = path;
    await keep().catch(() => {}); // the storage is full, or this forbids it
    document.body.dataset.kept = path;
  }

  // One cell after the other, where "Run All Cells" would queue them all: so a lab that has come is alive meanwhile.
  // The place that the person looks at stays, and an error ends it.
  async function run(panel) {
    for (const cell of panel.content.widgets.filter(({ model }) => model.type === "code")) {
      const reply = await cell.constructor.execute(cell, panel.sessionContext, { recordTiming: false });
      if (reply?.content.status === "error") return;
      if (cell.model.getMetadata("tags")?.includes("live")) await new Promise((done) => setTimeout(done, PAUSE));
      if (live()) leave();
    }
  }

  // JupyterLite takes the path and the ticket out of the address; a reload, a bookmark and "Link" need them.
  function keepAddress(app) {
    const write = () => {
      const open = app.shell.currentWidget?.context?.path;
      if (!open) return;
      const here = new URL(came.pathname, came);
      here.search = `?path=${encodeURI(open)}`;
      here.hash = open === path ? came.hash : "";
      history.replaceState(history.state, "", here);
    };
    app.shell.currentChanged?.connect(write);
    write();
    return write;
  }

  // ---- a page without code

  async function openPage() {
    await until(() => window.jupyterapp);
    progress(LOADED, "Python is starting. You can read meanwhile.");
    await until(live);
    leave();
    keep().catch(() => {});
  }

  const wrong = obstacle();
  if (wrong) say(wrong);
  else if (about) {
    if (!about.withoutCode) sayWhatIsNotKept();
    if (about.withoutCode || path) {
      // Without the tabs of an earlier visit.
      if (path) history.replaceState(null, "", `${location.search}&reset${location.hash}`);
      show();
      addEventListener("error", ({ target }) => {
        if (target instanceof HTMLScriptElement) missing(new URL(target.src).pathname);
      }, true);
      load();
      (about.withoutCode ? openPage : openNotebook)();
    }
  }
})();

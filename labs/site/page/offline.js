// Stands before JupyterLite's own service worker: where the network is cut, what arrive.js has kept answers instead.
self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  const ofJupyterLite = /\/api\/(drive|stdin|service-worker)/.test(pathname);
  if (request.method !== "GET" || origin !== location.origin || ofJupyterLite) return;
  event.stopImmediatePropagation();
  event.respondWith(fetch(request).catch(async (cut) => {
    const kept = await caches.match(request, { ignoreSearch: request.mode === "navigate" });
    if (!kept) throw cut;
    return kept;
  }));
});

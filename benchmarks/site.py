"""What a person waits for at the static site, and what is sent: python -m benchmarks.site FOLDER [LAB]."""

import contextlib
import sys
import threading
import time
from functools import partial
from http.server import ThreadingHTTPServer

from labs.site.serve import Handler
from tests.browser import jupyter

OPEN = "window.jupyterapp?.shell?.currentWidget"
STEPS = {
    "JupyterLab is there": f"() => {OPEN}?.content?.model",
    "Python can be asked": f"() => {OPEN}?.sessionContext?.session?.kernel?.info.then(() => true)",
    "a lab is painted": """() => {
        const canvas = document.querySelector(".bp-lab canvas"); // which is painted in sight only
        canvas?.closest(".bp-lab").scrollIntoView();
        return canvas?.dataset.painted;
    }""",
}
LEARNS = "() => Number(document.querySelector('.bp-lab canvas').dataset.sweep) > 0"


SENT = []  # (path, bytes) of each answer that has a content


class Counting(Handler):
    """Counts what it sends."""

    def send_header(self, keyword, value):
        if keyword == "Content-Length":
            SENT.append((self.path, int(value)))
        super().send_header(keyword, value)


class Plain(Counting):
    """As python3 -m http.server: compresses nothing, and says nothing of caching."""

    def send_head(self):
        del self.headers["Accept-Encoding"]
        return super().send_head()


@contextlib.contextmanager
def serving(handler, folder):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def load(page, url, lab):
    """Seconds from the address to each step, and what was sent."""
    SENT.clear()
    begun, took = time.perf_counter(), {}
    page.goto(f"{url}/lab/index.html?path=labs/{lab}.ipynb")
    for step, condition in STEPS.items():
        page.wait_for_function(condition, timeout=120_000)
        took[step] = time.perf_counter() - begun
    page.locator(".bp-lab").first.get_by_role("button", name="Play").click(timeout=60_000)
    page.wait_for_function(LEARNS)
    took["a network learns"] = time.perf_counter() - begun
    return took, len(SENT), sum(size for _, size in SENT) / 1e6


def main(folder, lab="02_symmetry"):
    with jupyter.chromium() as browser:
        for name, handler in (("plain", Plain), ("gzipped", Counting)):
            context = browser.new_context(viewport=jupyter.VIEWPORT)
            with serving(handler, folder) as url:
                for load_number in ("first", "second"):
                    page = context.new_page()
                    took, requests, megabytes = load(page, url, lab)
                    steps = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in took.items())
                    print(f"{name}, {load_number} load: {requests} requests, {megabytes:.1f} MB; {steps}", flush=True)
                    page.close()
            context.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

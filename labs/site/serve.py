"""Serve a site: python -m labs.site.serve FOLDER PORT HOST. Any web server will do; this one compresses and caches."""

import gzip
import sys
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

_NEVER_CHANGE = ("/static/pyodide/", "/build/", "/extensions/")  # a changed file gets another name
_SMALLER = {".css", ".csv", ".html", ".ipynb", ".js", ".json", ".md", ".mjs", ".svg", ".wasm"}


class Handler(SimpleHTTPRequestHandler):
    """Types that do not depend on the machine, which streaming compilation of WebAssembly needs, and caching."""

    protocol_version = "HTTP/1.1"
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".ipynb": "application/json",
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
        ".whl": "application/zip",
    }

    def end_headers(self):
        lasting = self.path.startswith(_NEVER_CHANGE) and not self.path.endswith("lock.json")
        self.send_header("Cache-Control", "public, max-age=31536000, immutable" if lasting else "no-cache")
        super().end_headers()

    def send_head(self):
        path = Path(self.translate_path(self.path))
        asked = "gzip" in self.headers.get("Accept-Encoding", "") and "If-Modified-Since" not in self.headers
        if not (asked and path.suffix in _SMALLER and path.is_file()):
            return super().send_head()
        content = _compressed(path, path.stat().st_mtime_ns)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Last-Modified", self.date_time_string(path.stat().st_mtime))
        self.send_header("Vary", "Accept-Encoding")
        self.end_headers()
        return BytesIO(content)

    def log_message(self, *_):
        pass


@cache
def _compressed(path, _changed):
    return gzip.compress(path.read_bytes(), compresslevel=6)


def serve(folder, port, host="127.0.0.1"):
    """Give a server that is ready to ``serve_forever()``."""
    return ThreadingHTTPServer((host, port), partial(Handler, directory=str(folder)))


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), sys.argv[3]).serve_forever()

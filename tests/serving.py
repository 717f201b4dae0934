"""A web server on loopback that gives files whole, by ranges, or not at all, and remembers what it was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from msgspec.structs import replace

from ftlint import api
from ftlint.render import Options, render

MESSY = (Path(__file__).parents[1] / "examples" / "marv-broken.jsonl").read_bytes()
LONG = '{{"messages": [{{"role": "user", "content": "{0} {1}"}}, {{"role": "assistnat", "content": "{0}"}}]}}\n'
LARGE = "".join(LONG.format(number, "word " * 20_000) for number in range(60)).encode() + MESSY
"""More than one request fetches."""


@dataclass
class Web:
    """What a server holds: by path, bytes or the status that it answers with."""

    ranges: bool = True
    lengths: bool = True
    held: dict[str, bytes | int] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    sent: int = 0
    root: str = ""

    def add(self, path: str, data: bytes | int) -> str:
        self.held[f"/{path}"] = data
        return f"{self.root}/{path}"


class Handler(BaseHTTPRequestHandler):
    web: Web

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, *, body: bool) -> None:
        web, path = self.web, self.path.partition("?")[0]
        web.asked.append((path, self.headers.get("Range", "")))
        held = web.held.get(path, 404)
        if isinstance(held, int):
            self.send_error(held)
            return
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", "")) if web.ranges else None
        start, stop = (int(asked[1]), int(asked[2]) + 1) if asked else (0, len(held))
        part = held[start:stop]
        self.send_response(206 if asked else 200)
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{start + len(part) - 1}/{len(held)}")
        if web.lengths:
            self.send_header("Content-Length", str(len(part)))
        self.send_header("ETag", f'"{hash(held)}"')
        self.end_headers()
        if body:
            self.send(part)

    def send(self, part: bytes) -> None:
        for at in range(0, len(part), 1 << 16):
            try:
                self.web.sent += self.wfile.write(part[at : at + (1 << 16)])
            except OSError:  # the client has seen enough
                return

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(web: Web) -> Iterator[Web]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Handler,), {"web": web}))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    web.root = f"http://127.0.0.1:{server.server_port}"
    try:
        yield web
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def told(path: str, map_: api.Map = map, shard_bytes: int = 4096) -> str:
    """Everything that two formats say of a file, its name left out, and what ``--fix`` would mend in a local one."""
    report = api.check([path], map_=map_, shard_bytes=shard_bytes)
    report = replace(report, diagnostics=tuple(replace(item, fix=None) for item in report.diagnostics))
    texts = ["".join(render(report, name, Options(shown=0))) for name in ("json", "text")]
    assert report.diagnostics
    return re.sub("─+", "─", "\n".join(texts).replace(path, "FILE"))


def local(data: bytes) -> str:
    """What is told of a file of this content in the current folder."""
    Path("data.jsonl").write_bytes(data)
    return told("data.jsonl")

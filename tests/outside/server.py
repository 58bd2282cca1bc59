"""A small real HTTP server that misbehaves on request: it cuts connections, asks for patience, serves ranges."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Seen:
    path: str
    headers: Message
    body: bytes


@contextmanager
def serving(answer: Answer) -> Iterator[tuple[str, list[Seen]]]:
    """The address of a server that lets `answer` handle each request, and the requests it has seen."""
    seen: list[Seen] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen.append(Seen(self.path, self.headers, body))  # the handler itself serves the whole connection
            answer(self)

        do_GET = do_POST = handle_any  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()


def reply(to: BaseHTTPRequestHandler, status: int, body: bytes = b"{}", **headers: str) -> None:
    to.send_response(status)
    for name, value in {"Content-Type": "application/json", **headers}.items():
        to.send_header(name.replace("_", "-"), value)
    to.send_header("Content-Length", str(len(body)))
    to.end_headers()
    to.wfile.write(body)


def hang_up(on: BaseHTTPRequestHandler) -> None:
    on.close_connection = True
    on.connection.close()

"""A proxy on loopback: it forwards plain requests and opens tunnels, and remembers both."""

from __future__ import annotations

import http.client
import select
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class ScriptedProxy(ThreadingHTTPServer):
    """`seen`: what it was asked for; `accounts`: what it was told of the asker."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[str] = []
        self.accounts: list[str | None] = []

    def __enter__(self) -> ScriptedProxy:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ScriptedProxy

    def log_message(self, format: str, *args: object) -> None:
        """Not to the terminal."""

    def _note(self) -> None:
        self.server.seen.append(f"{self.command} {self.path}")
        self.server.accounts.append(self.headers.get("Proxy-Authorization"))

    def do_GET(self) -> None:
        self._note()
        parts = urlsplit(self.path)
        connection = http.client.HTTPConnection("127.0.0.1", parts.port)
        kept = {k: v for k, v in self.headers.items() if k.lower() != "proxy-authorization"}
        connection.request("GET", f"{parts.path}?{parts.query}", headers=kept)
        answer = connection.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("server", "date", "connection"):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        connection.close()

    def do_CONNECT(self) -> None:
        self._note()
        port = int(self.path.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as far:
            self.send_response(200)
            self.end_headers()
            ends = {self.connection: far, far: self.connection}
            while True:
                for end in select.select(list(ends), [], [])[0]:
                    data = end.recv(65_536)
                    if not data:
                        self.close_connection = True
                        return
                    ends[end].sendall(data)

"""The two servers of a scripted hub: its own, and the content host's."""

from __future__ import annotations

import hashlib
import json
import socket
import ssl
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from tests.app.airlock.download.scripted_faults import (
    LARGE,
    Evil,
    blob_of,
    commit_of,
    entry_of,
    flipped,
    spoil,
)

if TYPE_CHECKING:
    from tests.app.airlock.download.scripted_hub import ScriptedHub


@dataclass
class Seen:
    """A request as it came in, and the status it got (0: none)."""

    server: str
    path: str
    headers: dict[str, str]
    status: int = 0

    @property
    def is_file(self) -> bool:
        return "/resolve/" in self.path or self.path.startswith("/content/")

    @property
    def range(self) -> tuple[int, int] | None:
        first, dash, last = self.headers.get("range", "").removeprefix("bytes=").partition("-")
        return (int(first), int(last)) if dash else None


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, hub: ScriptedHub, kind: str, tls: ssl.SSLContext | None) -> None:
        self.hub, self.kind = hub, kind
        super().__init__(("127.0.0.1", 0), _Handler)
        if tls is not None:
            self.socket = tls.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, format: str, *args: object) -> None:
        """Not to the terminal."""

    @property
    def hub(self) -> ScriptedHub:
        return self.server.hub

    def do_GET(self) -> None:
        self.seen = Seen(
            self.server.kind, self.path, {k.lower(): v for k, v in self.headers.items()}
        )
        self.hub.requests.append(self.seen)
        self.clean = urlsplit(self.path).path
        if self._anywhere():
            return
        if self.server.kind == "content":
            self._content()
        elif self.clean.startswith("/api/models/"):
            self._api()
        elif "/resolve/" in self.clean:
            self._resolve()
        else:
            self._plain(404)

    # ------------------------------------------------------------------ answers

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        self.seen.status = status
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _plain(self, status: int, body: bytes = b"", **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._head(status, {"Content-Length": str(len(body)), **named})
        self.wfile.write(body)

    def _json(self, value: object, **headers: str) -> None:
        self._plain(200, json.dumps(value).encode(), Content_Type="application/json", **headers)

    def _anywhere(self) -> bool:
        evil = self.hub.strike(
            self.clean, "4", "5", "headers", "100", "no HTTP", "hangs", "redirect"
        )
        if evil is None:
            return False
        if evil.value.isdigit():
            self._plain(int(evil.value), b"no", Retry_After=self.hub.retry_after)
        elif evil.value.startswith("redirect"):
            self._redirect(evil)
        else:
            self._broken(evil)
        return True

    def _redirect(self, evil: Evil) -> None:
        port = urlsplit(self.hub.content_url).port
        where = {
            Evil.REDIRECT_LOOP: self.path,
            Evil.REDIRECT_ELSEWHERE: self.hub.elsewhere,
            Evil.REDIRECT_PLAIN: f"http://localhost:{port}/content/x",
            Evil.REDIRECT_PRIVATE: "https://10.0.0.1/x",
            Evil.REDIRECT_USER: f"http://hub@127.0.0.1:{port}/content/x",
            Evil.REDIRECT_FILE: "file:///etc/passwd",
            Evil.REDIRECT_EMPTY: "",
        }[evil]
        self._plain(302, b"there", Location=where)

    def _broken(self, evil: Evil) -> None:
        self.close_connection = True
        if evil is Evil.NO_HTTP:
            self.wfile.write(b"\x00\x01\x02 what is HTTP?\r\n\r\n" * 20)
        elif evil is Evil.HEADERS_ENDLESS:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            self._forever(lambda: b"X-More: " + b"x" * 1_000 + b"\r\n")
        elif evil is Evil.INTERIM_ENDLESS:
            self._forever(lambda: b"HTTP/1.1 100 Continue\r\n\r\n" * 40)

    def _forever(self, make: Callable[[], bytes]) -> None:
        while not self.hub.closing.is_set():
            self.wfile.write(make())

    # ------------------------------------------------------------------ the list

    def _api(self) -> None:
        rest = self.clean.removeprefix("/api/models/")
        repository, mark, revision = rest.rpartition("/")
        repository, kind = repository.rsplit("/", 1) if mark else (rest, "")
        files = self.hub.files(repository, unquote(revision))
        if repository in self.hub.gated and not self._may():
            return
        if files is None:
            self._plain(404, X_Error_Code="RepoNotFound")
        elif kind == "revision":
            commit = commit_of(files)
            is_gated = "manual" if repository in self.hub.gated else False
            evil = self.hub.strike(self.clean, "list: no commit")
            self._json({"id": repository, "sha": 7 if evil else commit, "gated": is_gated})
        else:
            self._tree(repository, revision, files)

    def _may(self) -> bool:
        if self.hub.token and self.headers.get("Authorization") == f"Bearer {self.hub.token}":
            return True
        self._plain(403 if self.headers.get("Authorization") else 401, X_Error_Code="GatedRepo")
        return False

    def _tree(self, repository: str, revision: str, files: Mapping[str, bytes]) -> None:
        evil = self.hub.strike(self.clean, "list")
        entries = [entry_of(path, data) for path, data in sorted(files.items())]
        entries.append({"type": "directory", "oid": "0" * 40, "size": 0, "path": "folder"})
        start = int(parse_qs(urlsplit(self.path).query).get("cursor", ["0"])[0])
        page, headers = entries[start : start + self.hub.page_files], {}
        base = f"{self.hub.url}/api/models/{repository}/tree/{revision}?recursive=true&cursor="
        if start + self.hub.page_files < len(entries):
            headers["Link"] = f'<{base}{start + self.hub.page_files}>; rel="next"'
        if evil in (Evil.LIST_NOT_JSON, Evil.LIST_DEEP, Evil.LIST_ENDLESS_PAGE):
            self._bad_page(evil)
            return
        if evil is not None:
            spoil(evil, page, headers, base, start, self.hub.elsewhere)
        self._json(page, **headers)

    def _bad_page(self, evil: Evil) -> None:
        if evil is Evil.LIST_ENDLESS_PAGE:
            self.close_connection = True
            self._head(200, {"Transfer-Encoding": "chunked"})
            self._forever(lambda: b"10000\r\n" + b" " * 0x10000 + b"\r\n")
        else:
            self._plain(200, b"[" * 100_000 if evil is Evil.LIST_DEEP else b"<html>")

    # ------------------------------------------------------------------ files

    def _resolve(self) -> None:
        repository, _, rest = self.clean[1:].partition("/resolve/")
        commit, _, path = rest.partition("/")
        path = unquote(path)
        files = self.hub.files(repository, commit)
        if repository in self.hub.gated and not self._may():
            return
        if files is None or path not in files:
            self._plain(404, X_Error_Code="EntryNotFound")
            return
        data = files[path]
        evil = self.hub.strike(self.clean, "file: another commit")
        told = {"X-Repo-Commit": "f" * 40 if evil else commit}
        if not path.endswith(LARGE):
            self._send(data, {**told, "ETag": f'"{blob_of(data)}"'})
            return
        digest = hashlib.sha256(data).hexdigest()
        told |= {"X-Linked-Size": str(len(data)), "X-Linked-Etag": f'"{digest}"'}
        where = f"{self.hub.content_url}/content/{digest}/{path}?Signature=secret"
        self._head(302, {"Content-Length": "5", "Location": where, **told})
        self.wfile.write(b"there")

    def _content(self) -> None:
        data = self.hub.content(self.clean.split("/")[2])
        if data is None:
            self._plain(403)
            return
        self._send(data, {"ETag": f'"{hashlib.md5(data).hexdigest()}"', "Accept-Ranges": "bytes"})

    def _send(self, data: bytes, headers: dict[str, str]) -> None:
        evil = self.hub.strike(self.clean, "file")
        if evil is Evil.FILE_CHANGED:
            data = bytes(reversed(data))
            headers["ETag"] = '"another"'
        if evil is Evil.FILE_FLIPPED:
            data = flipped(data)
        asked = self.seen.range
        if_range = self.headers.get("If-Range")
        if asked is None or (if_range and if_range != headers["ETag"]):
            self._body(200, data, headers, evil)
        elif asked[0] >= len(data) or evil is Evil.FILE_416:
            self._plain(416, Content_Range=f"bytes */{len(data)}")
        elif evil is Evil.FILE_OK_TO_RANGE:
            self._body(200, data, headers, evil)
        else:
            self._part(data, headers, asked, evil)

    def _part(
        self, data: bytes, headers: dict[str, str], asked: tuple[int, int], evil: Evil | None
    ) -> None:
        first, last = asked[0], min(asked[1], len(data) - 1)
        part, told_first, told_last = data[first : last + 1], first, last
        if evil is Evil.FILE_WRONG_OFFSET:
            told_first, told_last = (first + 1, last + 1) if first == 0 else (0, last - first)
            part = data[told_first : told_last + 1]
        elif evil is Evil.FILE_LYING_OFFSET:
            part = bytes(reversed(part))
        elif evil is Evil.FILE_SHORT:
            part = part[: len(part) // 2]
        headers["Content-Range"] = f"bytes {told_first}-{told_last}/{len(data)}"
        self._body(206, part, headers, evil)

    def _body(self, status: int, body: bytes, headers: dict[str, str], evil: Evil | None) -> None:
        if evil is Evil.FILE_GZIP:
            headers["Content-Encoding"] = "gzip"
        if evil is Evil.FILE_ENDLESS:
            self.close_connection = True
            self._head(status, {**headers, "Transfer-Encoding": "chunked"})
            self._forever(lambda: b"4000\r\n" + b"\0" * 0x4000 + b"\r\n")
            return
        self.seen.status = status
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if evil is Evil.FILE_TWO_LENGTHS:
            self.send_header("Content-Length", str(len(body) + 1))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        half = len(body) // 2
        if evil in (Evil.FILE_TRUNCATED, Evil.FILE_STALLED, Evil.FILE_RESET, Evil.FILE_SLOW):
            self.wfile.write(body[:half])
            self._fail(evil, body[half:])
            return
        for start in range(0, len(body), 16_384):
            self.wfile.write(body[start : start + 16_384])
            if self.hub.chunk_s:
                time.sleep(self.hub.chunk_s)

    def _fail(self, evil: Evil, rest: bytes) -> None:
        self.close_connection = True
        self.wfile.flush()
        if evil is Evil.FILE_STALLED:
            self.hub.closing.wait(60)
        elif evil is Evil.FILE_SLOW:
            for byte in rest:
                if self.hub.closing.wait(0.1):
                    return
                self.wfile.write(bytes([byte]))
        elif evil is Evil.FILE_RESET:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()

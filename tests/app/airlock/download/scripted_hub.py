"""A hub on loopback that speaks the real one's endpoints, honestly or as its faults tell it to.

Two servers on two ports: the hub, and a content host that it sends large files on to. Every
request is remembered. As a process of its own it serves a folder OWNER/NAME/*:

    python -m tests.app.airlock.download.scripted_hub FOLDER --port-file FILE
"""

from __future__ import annotations

import argparse
import hashlib
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.airlock.download.hosts import HostRules, hub_rules
from tests.app.airlock.download.scripted_faults import Evil, Fault, commit_of
from tests.app.airlock.download.scripted_server import Seen, Server

__all__ = ["Evil", "Fault", "ScriptedHub", "Seen"]


@dataclass
class ScriptedHub:
    """`repositories`: name → path → bytes. `gated` ones want `token`. `chunk_s`: a pause after
    each 16 KiB of a file."""

    repositories: Mapping[str, Mapping[str, bytes]]
    tls: ssl.SSLContext | None = None
    gated: tuple[str, ...] = ()
    token: str = ""
    page_files: int = 1_000
    chunk_s: float = 0.0
    retry_after: str = "0"
    elsewhere: str = "http://elsewhere.example/x"
    faults: list[Fault] = field(default_factory=list)
    requests: list[Seen] = field(default_factory=list)
    changed: dict[str, bytes] = field(default_factory=dict)

    def __enter__(self) -> ScriptedHub:
        self._lock = threading.Lock()
        self._commits: dict[str, dict[str, Mapping[str, bytes]]] = {}
        for name, files in self.repositories.items():
            self.set_files(name, files)
        self.closing = threading.Event()
        self._servers = [Server(self, kind, self.tls) for kind in ("hub", "content")]
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.closing.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()

    @property
    def url(self) -> str:
        return self._url(0)

    @property
    def content_url(self) -> str:
        return self._url(1)

    def _url(self, number: int) -> str:
        scheme = "https" if self.tls else "http"
        host = "localhost" if self.tls else "127.0.0.1"
        return f"{scheme}://{host}:{self._servers[number].server_port}"

    def rules(self, **more: Any) -> HostRules:
        return hub_rules(self.url, [self.content_url], **more)

    def set_files(self, repository: str, files: Mapping[str, bytes]) -> None:
        """A new commit; earlier ones stay."""
        self._commits.setdefault(repository, {}).update({commit_of(files): files})

    def commit(self, repository: str) -> str:
        return next(reversed(self._commits[repository]))

    def files(self, repository: str, revision: str) -> Mapping[str, bytes] | None:
        known = self._commits.get(repository)
        if known is None:
            return None
        return known.get(self.commit(repository) if revision == "main" else revision)

    def content(self, digest: str) -> bytes | None:
        for commits in self._commits.values():
            for files in commits.values():
                for data in files.values():
                    if hashlib.sha256(data).hexdigest() == digest:
                        return self.changed.get(digest, data)
        return None

    def strike(self, path: str, *kinds: str) -> Evil | None:
        """The fault for this request, of the kinds that can happen there."""
        with self._lock:
            for fault in self.faults:
                if fault.evil.value.startswith(kinds) and fault.strikes(path):
                    return fault.evil
        return None

    def file_requests(self, server: str = "content") -> list[Seen]:
        return [seen for seen in self.requests if seen.server == server and seen.is_file]

    @property
    def asked_bytes(self) -> int:
        """What the content host was asked for by ranges."""
        ranges = [seen.range for seen in self.file_requests()]
        return sum(last - first + 1 for first, last in (r for r in ranges if r))


def folders(root: Path) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Each OWNER/NAME below, with its files."""
    for folder in sorted(path for path in root.glob("*/*") if path.is_dir()):
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        found = {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}
        yield folder.relative_to(root).as_posix(), found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port-file", type=Path, required=True)
    parser.add_argument("--chunk-s", type=float, default=0.0)
    arguments = parser.parse_args()
    with ScriptedHub(dict(folders(arguments.folder)), chunk_s=arguments.chunk_s) as hub:
        draft = arguments.port_file.with_suffix(".new")
        draft.write_text(f"{hub.url}\n{hub.content_url}\n")
        draft.replace(arguments.port_file)
        threading.Event().wait()


if __name__ == "__main__":
    main()

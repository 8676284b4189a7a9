"""What a file that is no GGUF file seems to be, from its first bytes, for the error."""

from __future__ import annotations

import re


def what_it_looks_like(head: bytes) -> str:
    """A reason that ends "this is not a GGUF file …" with the best guess."""
    return f"this is not a GGUF file{_guess(head)}"


def _guess(head: bytes) -> str:
    text = head.lstrip().lower()
    if re.match(rb".{8}\{\"", head, re.DOTALL):
        return "; it looks like safetensors, which this version does not run"
    if head.startswith(b"PK\x03\x04"):
        return "; it looks like a zip archive or a PyTorch file, which may hold code"
    if head.startswith(b"\x80"):
        return "; it looks like a pickle, which may hold code and is never read"
    if text.startswith((b"<!doctype html", b"<html")):
        return "; it is a web page: the download went to the wrong address"
    if text.startswith(b"version https://git-lfs"):
        return "; it is a Git LFS pointer: the model itself was not downloaded"
    if not any(head):
        return "; it begins with zeros: the download may not have begun"
    if b"ggjt"[::-1] in head[:4] or head[:4] in (b"tjgg", b"lmgg", b"fmgg"):
        return "; it is an older ggml format"
    return ""

"""What a file that is no model seems to be, from its first bytes, for the error."""

from __future__ import annotations

import re

from inference.sentence import said


def looks_like_safetensors(head: bytes) -> bool:
    """A length and the beginning of a JSON object."""
    return re.match(rb".{8}\{\s*[\"}]", head, re.DOTALL) is not None


def what_it_looks_like(head: bytes) -> str:
    """A reason that begins "this is not a GGUF file …" with the best guess behind it."""
    return said("this is not a GGUF file{guess}", guess=_guess(head))


def no_model(head: bytes) -> str:
    """The same for a file that might have been of either format."""
    return said("this is not a GGUF file and not a safetensors file{guess}", guess=_guess(head))


def _guess(head: bytes) -> str:
    text = head.lstrip().lower()
    if looks_like_safetensors(head):
        return said("; it looks like safetensors")
    if head.startswith(b"PK\x03\x04"):
        return said("; it looks like a zip archive or a PyTorch file, which may hold code")
    if head.startswith(b"\x80"):
        return said("; it looks like a pickle, which may hold code and is never read")
    if text.startswith((b"<!doctype html", b"<html")):
        return said("; it is a web page: the download went to the wrong address")
    if text.startswith(b"version https://git-lfs"):
        return said("; it is a Git LFS pointer: the model itself was not downloaded")
    if text.startswith(b"{"):
        return said("; it looks like JSON: name the folder it lies in")
    if not any(head):
        return said("; it begins with zeros: the download may not have begun")
    if b"ggjt"[::-1] in head[:4] or head[:4] in (b"tjgg", b"lmgg", b"fmgg"):
        return said("; it is an older ggml format")
    return ""

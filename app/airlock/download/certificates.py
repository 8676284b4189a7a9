"""Whom a protected connection believes: the system's own authorities, and one that was named.

For: `transport`. Certificates and host names are always checked; there is no switch.
"""

from __future__ import annotations

import ssl
from pathlib import Path

import truststore

from app.airlock.download.errors import RuleError
from inference.sentence import said, system_words

_MOST_BYTES = 4 << 20


def trusting_context(ca_file: Path | None) -> ssl.SSLContext:
    """TLS 1.2 or later; raises RuleError for a file that holds no certificates."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        context.load_verify_locations(cadata=_certificates(ca_file))
    return context


def _certificates(file: Path) -> str:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise _unusable(file, said("it is larger than any such file"))
        text = file.read_text(encoding="ascii")
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=text)
    except OSError as error:
        raise _unusable(file, system_words(error)) from error
    except ValueError as error:
        raise _unusable(file, said("it holds no certificates in PEM form")) from error
    return text


def _unusable(file: Path, why: str) -> RuleError:
    return RuleError(
        said(
            "The certificates of {file} can’t be used: {why}. Nothing was asked.",
            file=file,
            why=why,
        )
    )

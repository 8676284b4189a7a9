"""What the line did, in words; and what a hub's refusal means.

For: `transport`, `hub` and `fetching`.
"""

from __future__ import annotations

import re
import ssl
import time
from email.utils import parsedate_to_datetime

from app.airlock.download.errors import (
    BusyError,
    CertificateError,
    DownloadError,
    GatedError,
    HubAnswerError,
    LineFaultError,
    NoSuchRepositoryError,
)
from app.airlock.download.headers import Headers
from app.airlock.download.hosts import Target
from inference.errors import one_line
from inference.sentence import ours, said

_SECONDS = re.compile(r"[0-9]{1,9}")
_TOO_MANY = 429
_GATED = "GatedRepo"


def fault_of(error: BaseException, target: Target) -> DownloadError:
    """The error of ours for one of the connection's."""
    certificate = _certificate_error(error)
    if certificate is not None:
        return CertificateError(
            said(
                "{host} can’t prove that it is {host}: {why}. Nothing was sent. Check this "
                "computer’s date, or try another network. If your organisation looks into "
                "protected connections, its administrator can name its certificate in the policy.",
                host=target.name,
                why=ours(one_line(certificate.verify_message or certificate.reason or "", 120)),
            )
        )
    return LineFaultError(
        said(
            "The connection to {host} broke off: {why}.",
            host=target.shown,
            why=ours(one_line(str(error), 120) or type(error).__name__),
        )
    )


def _certificate_error(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """It, or what led to it."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None


def refusal_of(
    status: int, headers: Headers, target: Target, what: str, has_token: bool
) -> DownloadError:
    """The error for an answer that is none of what was asked for; `what` names that."""
    code = headers.first("x-error-code")
    if code == _GATED or status in (401, 403):
        return _gated(code, target, what, has_token)
    if status in (404, 410):
        return NoSuchRepositoryError(
            said(
                "{host} has no {what}. Check the name, capital letters too.",
                host=target.shown,
                what=what,
            )
        )
    if status == _TOO_MANY or status >= 500:
        return BusyError(
            said(
                "{host} can’t answer now ({status}). What has arrived is kept; try again later.",
                host=target.shown,
                status=status,
            ),
            _wait_s(headers.first("retry-after")),
        )
    return HubAnswerError(
        said(
            "{host} answered {status} for {what}, which makes no sense here. Try again later.",
            host=target.shown,
            status=status,
            what=what,
        )
    )


def _gated(code: str, target: Target, what: str, has_token: bool) -> GatedError:
    host = target.shown
    if has_token:
        return GatedError(
            said(
                "{host} does not give {what} to the owner of this token. Agree to the makers’ "
                "terms on the model’s page there, or check the token.",
                host=host,
                what=what,
            )
        )
    if code == _GATED:
        return GatedError(
            said(
                "The makers of {what} want to know who fetches it. Agree to their terms on the "
                "model’s page at {host}, and give a token of your account there.",
                host=host,
                what=what,
            )
        )
    return GatedError(
        said(
            "{host} gives {what} to nobody without a token: it needs one, or there is no such "
            "model. Check the name, capital letters too.",
            host=host,
            what=what,
        )
    )


def _wait_s(text: str) -> float | None:
    """Of Retry-After, in seconds or as a date."""
    if _SECONDS.fullmatch(text):
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None

"""The one stylesheet of an HTML export: the window's colours and sizes, in the system's fonts.

For: `html`, which names its hash in the page's policy. It asks for nothing: no font, no
picture, no other sheet.
"""

from __future__ import annotations

import base64
import hashlib

from app.restrictions import Banner
from app.theme.tokens import BANNERS, DARK, LIGHT, Tokens

_ROLES = (
    "surface", "raised", "sunken", "bubble", "line", "text", "text2", "text3", "accent", "warn",
)  # fmt: skip
# Sizes and distances: look.md, "Type" and "Space, shape, motion".
_RULES = """\
*{box-sizing:border-box}
body{margin:0;background:var(--surface);color:var(--text);
font:400 15px/24px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
overflow-wrap:anywhere}
main{max-width:768px;margin:0 auto;padding:32px 24px}
h1{font-size:22px;line-height:28px;font-weight:600;margin:0 0 8px}
h2{font-size:13px;line-height:20px;font-weight:600;margin:0;color:var(--text2)}
h3{font-size:20px;line-height:28px}
h4{font-size:17px;line-height:24px}
h5,h6{font-size:15px;line-height:24px}
h3,h4,h5,h6{font-weight:600;margin:20px 0 8px}
p,ul,ol,blockquote,table{margin:0 0 14px}
.caption{font-size:12px;line-height:16px;color:var(--text3);margin:0 0 8px}
.note{font-size:13px;line-height:20px;color:var(--text2);margin:8px 0 0}
article{margin:24px 0 0;unicode-bidi:isolate}
.typed .body{background:var(--bubble);border-radius:14px;padding:8px 14px;width:fit-content;
max-width:560px;margin-left:auto}
.typed h2,.typed .caption{text-align:right}
.plain{white-space:pre-wrap}
.text,.plain,.name,h1{unicode-bidi:isolate}
.thoughts>.plain{font-size:13px;line-height:20px;color:var(--text2);
border-left:2px solid var(--line);padding-left:12px}
details{margin:0 0 14px}
summary{font-size:13px;line-height:20px;color:var(--text2);cursor:pointer}
summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
pre{margin:8px 0 14px;padding:12px;background:var(--sunken);border:1px solid var(--line);
border-radius:10px;overflow-x:auto;unicode-bidi:isolate;direction:ltr}
pre,code,.address{font:400 13px/20px ui-monospace,"SF Mono",Consolas,"Noto Sans Mono",monospace;
font-variant-ligatures:none}
code{unicode-bidi:isolate}
.language{font-size:12px;line-height:16px;color:var(--text3)}
.link{color:var(--accent)}
.address{color:var(--text2);unicode-bidi:isolate;direction:ltr}
blockquote{border-left:2px solid var(--line);padding-left:12px;margin-left:0;color:var(--text2)}
table{border-collapse:collapse;display:block;overflow-x:auto}
th{font-size:12px;font-weight:500;text-align:left;color:var(--text2)}
th,td{padding:4px 12px 4px 0;border-bottom:1px solid var(--line)}
.center{text-align:center}
.right{text-align:right;font-variant-numeric:tabular-nums}
hr{border:0;border-top:1px solid var(--line);margin:20px 0}
.classification{margin:0;padding:4px 24px;text-align:center;font-size:12px;line-height:20px;
font-weight:600;unicode-bidi:isolate;print-color-adjust:exact}
@media print{pre{white-space:pre-wrap}}
"""


def stylesheet(banner: Banner | None = None) -> str:
    """The whole sheet: light, dark where the system is, then the rules, a banner's too."""
    dark = f"@media (prefers-color-scheme:dark){{{_variables(DARK)}}}"
    return f"{_variables(LIGHT)}\n{dark}\n{_RULES}{_banner_rule(banner)}"


def source_hash(sheet: str) -> str:
    """A sheet as a Content-Security-Policy names it: this one and no other."""
    digest = hashlib.sha256(sheet.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _banner_rule(banner: Banner | None) -> str:
    if banner is None:
        return ""
    ground, text = BANNERS[banner.colour]
    return f".classification{{background:{ground};color:{text}}}\n"


def _variables(tokens: Tokens) -> str:
    colours = "".join(f"--{role}:{getattr(tokens, role)};" for role in _ROLES)
    return f":root{{color-scheme:{tokens.scheme.value};{colours}}}"

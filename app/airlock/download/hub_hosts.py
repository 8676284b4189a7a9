"""The Hub and the hosts that it sends content from, as data.

As https://huggingface.co/.well-known/meta.json and the Hub's guide for firewalls name them
(September 2026), with the older ones that redirects still lead to. `*.` stands for any one or
more labels before a domain of the Hub's own; such names exist here alone.
"""

from __future__ import annotations

HUB = "huggingface.co"
CONTENT = (
    "*.cdn.hf.co",
    "*.xethub.hf.co",
    "transfer.xethub-eu.hf.co",
    "cdn-lfs.hf.co",
    "cdn-lfs-us-1.hf.co",
    "cdn-lfs-eu-1.hf.co",
    "cdn-lfs.huggingface.co",
    "cdn-lfs-us-1.huggingface.co",
    "cdn-lfs-eu-1.huggingface.co",
)

"""pip's own settings, handed on to uv, which does not read them."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from typing import NamedTuple

__all__ = ["PipSettings", "read_pip_settings"]

_LINE = re.compile(r"^(?:global|install|:env:)\.([a-z-]+)='(.*)'$", re.MULTILINE)
_LISTS = {"find-links", "extra-index-url", "index-url"}


class PipSettings(NamedTuple):
    """Options for uv, and variables of its environment."""

    options: tuple[str, ...]
    variables: dict[str, str]


def read_pip_settings() -> PipSettings:
    """What pip's configuration files and PIP_ variables say about indexes, find-links, constraints and certificates.

    pip treats every index alike, hence the strategy: uv would stop at the first index that has the name.
    """
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    pairs: dict[tuple[str, str], None] = {}
    variables = {}
    for key, value in _LINE.findall(listing):
        if key in _LISTS:
            pairs |= dict.fromkeys((f"--{key}", address) for address in shlex.split(value.replace("\\n", " ")))
        elif key == "constraint":
            pairs |= dict.fromkeys(("--constraints", path) for path in shlex.split(value.replace("\\n", " ")))
        elif key == "cert":
            variables["SSL_CERT_FILE"] = value
    strategy = ("--index-strategy", "unsafe-best-match") if pairs else ()
    return PipSettings((*(word for pair in pairs for word in pair), *strategy), variables)

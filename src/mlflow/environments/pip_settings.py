"""pip's own settings, handed on to uv, which does not read them."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

__all__ = ["PipSettings", "pip_conf", "read_pip_settings"]

_LINE = re.compile(r"^(?:global|install|:env:)\.([a-z-]+)='(.*)'$", re.MULTILINE)
_WORDS = {"trusted-host", "timeout", "default-timeout", "retries", "no-index", "prefer-binary", "only-binary"}
_LISTS = {"find-links", "extra-index-url", "index-url"}


class PipSettings(NamedTuple):
    """Options for uv, and variables of its environment."""

    options: tuple[str, ...]
    variables: dict[str, str]


def read_pip_settings() -> PipSettings:
    """What pip's configuration files and PIP_ variables say about indexes, find-links, constraints and certificates.

    pip treats every index alike, hence the strategy: uv would stop at the first index that has the name.
    """
    pairs: dict[tuple[str, str], None] = {}
    variables = {}
    for key, value in _settings():
        if key in _LISTS:
            pairs |= dict.fromkeys((f"--{key}", address) for address in shlex.split(value.replace("\\n", " ")))
        elif key == "constraint":
            pairs |= dict.fromkeys(("--constraints", path) for path in shlex.split(value.replace("\\n", " ")))
        elif key == "cert":
            variables["SSL_CERT_FILE"] = value
    strategy = ("--index-strategy", "unsafe-best-match") if pairs else ()
    return PipSettings((*(word for pair in pairs for word in pair), *strategy), variables)


def pip_conf() -> dict[str, bytes]:
    """The same settings as files for a place without this machine's disk: `pip.conf`, and `ca.pem` where one is set.

    Indexes and find-links of the network are among them; the certificates are expected below /run/secrets.
    """
    lines: dict[str, None] = {}
    files = {}
    for key, value in _settings():
        if key in _LISTS:
            reachable = [
                word for word in shlex.split(value.replace("\\n", " ")) if word.startswith(("http:", "https:"))
            ]
            lines |= dict.fromkeys([f"{key} = {' '.join(reachable)}"] if reachable else [])
        elif key in _WORDS:
            lines[f"{key} = {value}"] = None
        elif key == "cert" and Path(value).is_file():
            files["ca.pem"] = Path(value).read_bytes()
            lines["cert = /run/secrets/ca.pem"] = None
    return {"pip.conf": "\n".join(["[global]", *lines, ""]).encode(), **files}


def _settings() -> list[tuple[str, str]]:
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    return _LINE.findall(listing)

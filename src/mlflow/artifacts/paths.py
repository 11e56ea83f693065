"""The one place where text that names an artifact becomes a value; nothing behind it looks at the text again.

    >>> ArtifactPath.parse("plots//loss.png")
    ArtifactPath(parts=('plots', 'loss.png'))
    >>> Location.parse("s3://bucket/runs").uri
    's3://bucket/runs'

A path is refused when it, or anything that repeated percent-decoding makes of it, could leave the folder it is relative
to. The name that is kept is the one given, never a decoded form: what was checked is what is opened.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import quote, unquote

import msgspec

from mlflow.exceptions import InvalidParameterValue

__all__ = ["CAPTURED", "STAGING", "TEMPORARY", "ArtifactPath", "Location", "decodings", "is_listed", "is_private"]

CAPTURED = ".mlflow"
"""The folder of what a run captures about itself: read by its path, and left out where files are listed or copied,
since programs count and download what they logged themselves."""

STAGING = ".mlflow-staging"
TEMPORARY = ".mlflow-tmp-"

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]+):(.*)", re.DOTALL)
_DRIVE = re.compile(r"[A-Za-z]:")
_SEPARATORS = re.compile(r"[/\\]")
_BAD_HOST = re.compile(r"[#?;\\\s\x00-\x1f%]")
# More rounds than this is no file name that anybody chose.
_MAX_DECODINGS = 8
_MAX_DEPTH = 200
_MAX_BYTES = 4096


def is_private(name: str) -> bool:
    """Whether a file name is one the stores use for unfinished work; it is never listed, served or accepted."""
    folded = name.casefold()
    return folded == STAGING or folded.startswith(TEMPORARY)


def is_listed(name: str) -> bool:
    """Whether a listing shows a file or folder of this name."""
    return name != CAPTURED and not is_private(name)


class ArtifactPath(msgspec.Struct, frozen=True):
    """The normalised names from a store's root down to a file or folder; no names at all is the root itself."""

    parts: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str | None) -> ArtifactPath:
        """The path that a user gave.

        Raises:
            InvalidParameterValue: the text could lead out of the root, or no file system can hold such a name.
        """
        if not text:
            return cls()
        for form in decodings(text):
            _refuse_escape(text, form)
        parts = tuple(part for part in text.split("/") if part not in ("", "."))
        for form in decodings("/".join(parts)):  # what './' hid
            _refuse_escape(text, form)
        if len(parts) > _MAX_DEPTH or len(text.encode()) > _MAX_BYTES:
            raise _invalid(text, "is too long", f"use at most {_MAX_DEPTH} folders and {_MAX_BYTES} bytes")
        if any(map(is_private, parts)):
            raise _invalid(text, "uses a name reserved for unfinished uploads", "choose another name")
        return cls(parts)

    @classmethod
    def parse_file(cls, text: str | None) -> ArtifactPath:
        """The path of a file that a user gave: not empty, and not ending in a slash."""
        path = cls.parse(text)
        if not path.parts or (text or "").endswith("/"):
            raise _invalid(text or "", "has no file name", "name a file below the artifact root")
        return path

    def __str__(self) -> str:
        return "/".join(self.parts)

    def __truediv__(self, other: ArtifactPath | str) -> ArtifactPath:
        """A path below this one; text is one name, taken from a listing."""
        return ArtifactPath(self.parts + ((other,) if isinstance(other, str) else other.parts))

    @property
    def name(self) -> str:
        """The last name; empty for the root."""
        return self.parts[-1] if self.parts else ""

    @property
    def parent(self) -> ArtifactPath:
        """The folder that holds it; the root is its own."""
        return ArtifactPath(self.parts[:-1])


class Location(msgspec.Struct, frozen=True):
    """Where a store's root is: a scheme, its host (or bucket), and the names below it.

    `file` stands for plain paths too; its names lead from the file system's root.
    """

    scheme: str
    host: str = ""
    path: ArtifactPath = ArtifactPath()

    @classmethod
    def parse(cls, text: str) -> Location:
        """The location that an artifact URI or a local path names; relative paths start in the working folder.

        Raises:
            InvalidParameterValue: the text has a query, a fragment, a foreign host for `file:`, or leads upwards.
        """
        match = _SCHEME.fullmatch(text)
        if match is None or _DRIVE.fullmatch(text[:2]):
            return cls.local(text)
        scheme = match[1].lower()
        host, path = _split_host(text, match[2])
        if scheme == "file":
            return _file_location(text, host, path)
        if scheme in ("http", "https"):
            if "?" in path:
                raise _invalid(text, "has a query", "give the address without '?'")
            path = unquote(path)
        return cls(scheme, host, ArtifactPath.parse(path.lstrip("/")))

    @classmethod
    def local(cls, path: str | os.PathLike[str]) -> Location:
        """The location of a path of this machine, as its own user typed it."""
        text = os.fspath(path)
        if "\x00" in text:
            raise _invalid(text, "holds a NUL character", "remove it")
        return cls("file", "", ArtifactPath(Path(os.path.abspath(text)).parts[1:]))  # noqa: PTH100 - keeps links

    @property
    def uri(self) -> str:
        """The URI; a plain path for a local folder."""
        if self.scheme == "file":
            return str(self.folder)
        authority = f"//{self.host}/" if self.host else "/"
        path = quote(str(self.path)) if self.scheme in ("http", "https") else str(self.path)
        return f"{self.scheme}:{authority}{path}"

    @property
    def folder(self) -> Path:
        """The local folder; only for `file`."""
        return Path(Path.cwd().anchor, *self.path.parts)

    @property
    def parent(self) -> Location:
        """The location one name higher."""
        return Location(self.scheme, self.host, self.path.parent)

    def below(self, path: ArtifactPath) -> Location:
        """The location of something below this one."""
        return Location(self.scheme, self.host, self.path / path)


def decodings(text: str) -> list[str]:
    """The text and what percent-decoding makes of it, again and again until nothing changes."""
    forms = [text]
    while (decoded := unquote(forms[-1])) != forms[-1]:
        forms.append(decoded)
        if len(forms) > _MAX_DECODINGS:
            raise _invalid(text, "is percent-encoded over and over", "give the plain name")
    return forms


def _refuse_escape(text: str, form: str) -> None:
    if form.startswith(("/", "\\")) or _DRIVE.match(form):
        raise _invalid(text, "is absolute", "give a path relative to the artifact root")
    if ".." in _SEPARATORS.split(form):
        raise _invalid(text, "leads to a parent folder", "remove '..'")
    if form.lower().startswith("file:"):
        raise _invalid(text, "is a file: URI", "give a path relative to the artifact root")
    if "#" in form or "\x00" in form:
        raise _invalid(text, "holds '#' or a NUL character", "remove it")
    if not _encodable(form):
        raise _invalid(text, "is not valid Unicode", "rename the file")


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _split_host(text: str, rest: str) -> tuple[str, str]:
    if not rest.startswith("//"):
        return "", rest
    host, _, path = rest[2:].partition("/")
    if _BAD_HOST.search(host) or host in (".", ".."):
        raise _invalid(text, f"has the unusable host '{host}'", "give scheme://host/path")
    return host, path


def _file_location(text: str, host: str, path: str) -> Location:
    if host not in ("", "localhost"):
        raise _invalid(text, f"names the host '{host}'", "file: URIs reach this machine only; mount the folder")
    if "?" in path or "#" in path:
        raise _invalid(text, "has a query or a fragment", "percent-encode '?' and '#', or give a plain path")
    folder = unquote(path)
    if any(".." in _SEPARATORS.split(form) for form in decodings(folder)):
        raise _invalid(text, "leads to a parent folder", "give the folder itself")
    return Location.local(f"/{folder.lstrip('/')}" if os.name != "nt" else folder.lstrip("/"))


def _invalid(text: str, what: str, remedy: str) -> InvalidParameterValue:
    shown = text if len(text) <= 200 else f"{text[:200]}…"
    return InvalidParameterValue(f"Invalid path: {shown!r} {what}; {remedy}.")

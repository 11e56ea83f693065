"""SHA-256 of files: of the whole, or for large files of its parts, so that parts can be hashed in parallel.

A parts digest is the SHA-256 of the concatenated binary SHA-256 of each part, as S3's composite checksums are formed.
It is written `<hex>-<part size>`, and travels as `X-Parts-Digest`; a digest of the whole travels as RFC 9530 says.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from typing import Protocol

import msgspec

from mlflow.exceptions import DataLoss, InvalidParameterValue

__all__ = ["BLOCK", "PART_SIZE", "Digest", "Hasher", "check", "hash_blocks"]

BLOCK = 2**20
"""Bytes that streams hand on at a time."""

PART_SIZE = 16 * 2**20
"""Bytes of a part of a multipart upload, the last one excepted, unless the file is too large for it."""

_FORM = re.compile(r"[0-9a-f]{64}-[0-9]{1,12}")
# Tiny parts would make a peer compute one hash a byte.
_MIN_PART_SIZE = 2**16


class Digest(msgspec.Struct, frozen=True):
    """A file's SHA-256; with a `part_size` the composite of its parts."""

    sha256: str
    part_size: int = 0

    @classmethod
    def parse(cls, text: str) -> Digest:
        """The digest that `str(digest)` wrote.

        Raises:
            InvalidParameterValue: the text is not 64 hexadecimal digits and an optional part size.
        """
        value, _, size = text.strip().lower().partition("-")
        if not _FORM.fullmatch(f"{value}-{size or 0}") or 0 < int(size or 0) < _MIN_PART_SIZE:
            raise InvalidParameterValue(f"Invalid SHA-256: '{text[:80]}'; give 64 hexadecimal digits.")
        return cls(value, int(size or 0))

    @classmethod
    def of_parts(cls, parts: Iterable[str], part_size: int) -> Digest:
        """The composite of the hexadecimal digests of parts, in order."""
        return cls(hashlib.sha256(b"".join(map(bytes.fromhex, parts))).hexdigest(), part_size)

    @classmethod
    def from_headers(cls, headers: Iterable[tuple[str, str]]) -> Digest | None:
        """The digest that an answer's or a request's headers carry; None when they carry none."""
        named = {name.lower(): value for name, value in headers}
        if text := named.get("x-content-sha256"):
            return cls.parse(text)
        if text := named.get("x-parts-digest"):
            return cls.parse(text)
        for item in named.get("repr-digest", "").split(","):
            algorithm, _, value = item.strip().partition("=")
            if algorithm == "sha-256":
                return cls(_from_base64(value))
        return None

    def headers(self) -> dict[str, str]:
        """The response headers that carry it."""
        if self.part_size:
            return {"X-Parts-Digest": str(self)}
        return {"Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(self.sha256)).decode()}:"}

    def hasher(self) -> Hasher:
        """A fresh computation of the same kind."""
        return PartsHasher(self.part_size) if self.part_size else WholeHasher()

    def __str__(self) -> str:
        return f"{self.sha256}-{self.part_size}" if self.part_size else self.sha256


class Hasher(Protocol):
    """A digest that grows with the bytes it is fed."""

    def update(self, data: bytes | bytearray | memoryview, /) -> None: ...

    def digest(self) -> Digest: ...


class WholeHasher:
    """SHA-256 of everything fed."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def update(self, data: bytes | bytearray | memoryview, /) -> None:
        self._hash.update(data)

    def digest(self) -> Digest:
        return Digest(self._hash.hexdigest())


class PartsHasher:
    """The composite of parts of `part_size` bytes, fed in any portions."""

    def __init__(self, part_size: int) -> None:
        self._part_size = part_size
        self._done: list[str] = []
        self._hash = hashlib.sha256()
        self._filled = 0

    def update(self, data: bytes | bytearray | memoryview, /) -> None:
        view = memoryview(data)
        while view:
            portion = view[: self._part_size - self._filled]
            self._hash.update(portion)
            self._filled += len(portion)
            view = view[len(portion) :]
            if self._filled == self._part_size:
                self._close_part()

    def digest(self) -> Digest:
        open_part = [self._hash.hexdigest()] if self._filled else []
        return Digest.of_parts(self._done + open_part, self._part_size)

    def _close_part(self) -> None:
        self._done.append(self._hash.hexdigest())
        self._hash, self._filled = hashlib.sha256(), 0


def hash_blocks(blocks: Iterable[bytes]) -> Digest:
    """The SHA-256 of a stream."""
    hasher = WholeHasher()
    for block in blocks:
        hasher.update(block)
    return hasher.digest()


def check(name: str, expected: Digest | None, actual: Digest) -> None:
    """Raise DataLoss when a transferred file is not the one that was announced."""
    if expected is not None and expected != actual:
        raise DataLoss(
            f"The bytes of '{name}' have SHA-256 {actual}, but {expected} was announced; "
            "they changed on the way. Transfer the file again."
        )


def _from_base64(value: str) -> str:
    try:
        raw = base64.b64decode(value.strip(":"), validate=True)
    except binascii.Error as exc:
        raise InvalidParameterValue(f"Invalid Repr-Digest: '{value[:80]}'; give sha-256=:<base64>:.") from exc
    if len(raw) != 32:
        raise InvalidParameterValue(f"Invalid Repr-Digest: '{value[:80]}' is not 32 bytes long.")
    return raw.hex()

"""The frames of a journal that were refused, remembered until the client is known to have heard of them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from mlflow.contract.frames import Rejected

__all__ = ["Rejections"]

_MOST_MESSAGE = 2000
_Groups = list[tuple[str, str, list[int]]]
_decoder = msgspec.msgpack.Decoder(_Groups)


class Rejections:
    """Refused frames by reason; few reasons stand for many frames.

    Args:
        stored: what `encoded` gave before, or b"".
        after: frames up to this offset are left out: a client that asks for what follows has heard of them.
    """

    def __init__(self, stored: bytes, after: int) -> None:
        self._groups: dict[tuple[str, str], list[int]] = {}
        for error_code, message, offsets in _decoder.decode(stored) if stored else ():
            self.add(error_code, message, (offset for offset in offsets if offset > after))

    def add(self, error_code: str, message: str, offsets: Iterable[int]) -> None:
        """Note that frames were refused for a reason."""
        wanted = list(offsets)
        if wanted:
            self._groups.setdefault((error_code, message[:_MOST_MESSAGE]), []).extend(wanted)

    def encoded(self) -> bytes:
        """All of them, for keeping; b"" when there are none."""
        groups = [(error_code, message, offsets) for (error_code, message), offsets in self._groups.items()]
        return msgspec.msgpack.encode(groups) if groups else b""

    def listed(self) -> list[Rejected]:
        """All of them by offset."""
        found = [
            Rejected(offset, error_code, message)
            for (error_code, message), offsets in self._groups.items()
            for offset in offsets
        ]
        return sorted(found, key=lambda rejected: rejected.offset)

"""What a journal hands to its shipper."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from mlflow.contract.frames_operations import Artifact

__all__ = ["Damage", "Slice", "Source"]


class Damage(NamedTuple):
    """Bytes of a journal that are no frames.

    A `torn` one ends the journal: its owner died in the midst of a call, which had not returned.
    """

    start: int
    end: int
    data: bytes
    torn: bool


class Slice(NamedTuple):
    """Whole frames from one part of a journal, with what is needed to read them.

    `artifacts` are the spooled files whose frames are inside, `damage` lies between the slice before and this one.
    """

    start: int
    end: int
    definitions: bytes
    frames: memoryview
    artifacts: tuple[tuple[int, Artifact], ...] = ()
    damage: tuple[Damage, ...] = ()


class Source(Protocol):
    """A journal that is shipped, by its owner or by somebody else."""

    @property
    def journal_id(self) -> str:
        """32 hexadecimal digits."""
        ...

    @property
    def destination(self) -> str:
        """URI of the store that the records are for."""
        ...

    @property
    def end_offset(self) -> int:
        """The sequence number of the last frame, as far as is known."""
        ...

    @property
    def acknowledged(self) -> int:
        """The highest offset the destination has answered for."""
        ...

    def next_slice(self, limit: int) -> Slice | None:
        """The frames after the acknowledged offset, about `limit` bytes of them; None if there are none."""
        ...

    def acknowledge(self, offset: int) -> None:
        """Note how far the destination has answered."""
        ...

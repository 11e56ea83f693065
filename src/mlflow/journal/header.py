"""The header of a journal file: whose it is, and where its frames are to go."""

from __future__ import annotations

import getpass
import os
import platform
import struct
import time
import zlib
from pathlib import Path

import msgspec

from mlflow.exceptions import DataLoss

__all__ = ["Header", "boot_id", "host_name", "read_header"]

_MAGIC = b"mlflow\0J"
_FIXED = struct.Struct("<8sII")
_LONGEST = 2**20


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What stands before the frames of each part.

    `base` is the offset of the part's first frame in the journal; `started` is in UTC milliseconds.
    """

    version: int = 1
    journal_id: str
    base: int
    destination: str
    host: str
    boot_id: str
    pid: int
    user: str
    started: int

    @classmethod
    def of_this_process(cls, journal_id: str, destination: str) -> Header:
        """The header of a journal that starts now."""
        return cls(
            journal_id=journal_id,
            base=0,
            destination=destination,
            host=host_name(),
            boot_id=boot_id(),
            pid=os.getpid(),
            user=_user(),
            started=time.time_ns() // 1_000_000,
        )

    def encode(self) -> bytes:
        """Magic, length, checksum, then the fields as msgpack."""
        fields = msgspec.msgpack.encode(self)
        return _FIXED.pack(_MAGIC, len(fields), zlib.crc32(fields)) + fields


def read_header(path: Path) -> tuple[Header, int]:
    """The header of a part, and the position of its first frame.

    Raises:
        DataLoss: this is no journal, its header is damaged, or a later version wrote it.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        fixed = file.read(_FIXED.size)
        magic, length, checksum = _FIXED.unpack(fixed) if len(fixed) == _FIXED.size else (b"", 0, 0)
        fields = file.read(min(length, _LONGEST))
    if magic != _MAGIC or zlib.crc32(fields) != checksum:
        raise DataLoss(
            f"{str(path)!r} does not begin like a journal, or its header is damaged. Keep it for inspection."
        )
    try:
        header = msgspec.msgpack.decode(fields, type=Header)
    except msgspec.MsgspecError as exc:
        raise DataLoss(f"The header of journal {str(path)!r} cannot be read: {exc}") from exc
    if header.version != 1:
        raise DataLoss(f"Journal {str(path)!r} has format {header.version}. Read it with the version that wrote it.")
    return header, _FIXED.size + length


def host_name() -> str:
    """This machine's name."""
    return platform.node()


def boot_id() -> str:
    """What changes when this machine restarts; empty where the system does not tell."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # containers run as users that no file names
        return str(os.getuid()) if hasattr(os, "getuid") else ""

"""Which journals a directory holds."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec

from mlflow.exceptions import DataLoss, ResourceDoesNotExist
from mlflow.journal.acknowledged import Acknowledged
from mlflow.journal.folder import ACKNOWLEDGED, OWNER_LOCK
from mlflow.journal.header import Header, boot_id, host_name
from mlflow.journal.lock import is_held
from mlflow.journal.part_files import PartFiles

__all__ = ["JournalInfo", "list_journals"]

_JOURNAL_ID = re.compile(r"[0-9a-f]{32}")


class JournalInfo(msgspec.Struct, frozen=True):
    """A journal at one moment.

    `live` ones are held by their process; `foreign` ones are of another host, whose locks may not be seen from here.
    `pending` is in bytes. `damaged` says why the header cannot be read; there is no `header` then.
    """

    journal_id: str
    folder: Path
    live: bool
    foreign: bool = False
    acknowledged: int = 0
    pending: int = 0
    header: Header | None = None
    damaged: str | None = None

    @property
    def destination(self) -> str:
        """URI of the store that the records are for; empty when damaged."""
        return self.header.destination if self.header else ""


def list_journals(directory: Path) -> list[JournalInfo]:
    """The journals of this user below a directory, oldest first."""
    if not directory.is_dir():
        return []
    folders = [folder for folder in directory.iterdir() if _JOURNAL_ID.fullmatch(folder.name) and _is_own(folder)]
    found = [info for folder in folders if (info := _info(folder))]
    return sorted(found, key=lambda info: (info.header.started if info.header else 0, info.journal_id))


def _is_own(folder: Path) -> bool:
    """Whether this user made it: in a shared directory, nobody ships what another put there."""
    try:
        return not hasattr(os, "geteuid") or folder.stat().st_uid == os.geteuid()
    except FileNotFoundError:
        return False


def _info(folder: Path) -> JournalInfo | None:
    live = is_held(folder / OWNER_LOCK)
    try:
        files = PartFiles(folder)
        acknowledged = _acknowledged(folder)
        shipped = max(acknowledged, files.list()[0].base)
        pending = files.end(shipped) - shipped
    except DataLoss as exc:
        return JournalInfo(folder.name, folder, live, damaged=exc.message)
    except (ResourceDoesNotExist, FileNotFoundError, IndexError):
        return None  # shipped and deleted while we looked
    return JournalInfo(folder.name, folder, live, _is_foreign(files.header), acknowledged, pending, files.header)


def _acknowledged(folder: Path) -> int:
    state = Acknowledged(folder / ACKNOWLEDGED)
    try:
        return state.read()
    finally:
        state.close()


def _is_foreign(header: Header) -> bool:
    """Containers share a boot id under different names, and one machine has several after restarts."""
    return header.host != host_name() and (not header.boot_id or header.boot_id != boot_id())

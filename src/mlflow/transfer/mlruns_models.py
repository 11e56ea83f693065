"""The registered models of a folder that MLflow's file store wrote: `models/<name>/version-<n>`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mlflow.entities.model_registry.model_version_stages import STAGE_DELETED_INTERNAL, STAGE_NONE
from mlflow.sql.bulk_registry import ModelRecord, VersionRecord

__all__ = ["read_model_folders"]

_META = "meta.yaml"
_VERSION = "version-"


def read_model_folders(
    root: Path,
    read_meta: Callable[[Path], Mapping[str, Any] | None],
    read_texts: Callable[[Path], dict[str, str]],
    moved: Callable[[str], str],
) -> tuple[list[ModelRecord], int]:
    """The models below a folder, by name, and how many models and versions cannot be read.

    Args:
        root: the folder `models`.
        read_meta: the content of a folder's meta.yaml; None where it cannot be read.
        read_texts: the files of a folder by name, with their text.
        moved: where a path is now that the store was moved with its files.
    """
    found, unread = [], 0
    for folder in sorted(root.iterdir()) if root.is_dir() else []:
        if not (folder / _META).exists():
            continue
        meta = read_meta(folder)
        if meta is None or not meta.get("name"):
            unread += 1
            continue
        versions, broken, highest = _versions(folder, read_meta, read_texts, moved)
        unread += broken
        found.append(_model(meta, read_texts(folder / "tags"), read_texts(folder / "aliases"), versions, highest))
    return found, unread


def _model(
    meta: Mapping[str, Any], tags: dict[str, str], aliases: dict[str, str], versions: list[VersionRecord], highest: int
) -> ModelRecord:
    created = _time(meta.get("creation_timestamp"))
    return ModelRecord(
        name=str(meta["name"]),
        creation_time=created,
        last_updated_time=_time(meta.get("last_updated_timestamp")) or created,
        description=meta.get("description"),
        last_version=highest,
        tags=tags,
        aliases={alias: int(version) for alias, version in aliases.items() if version.strip().isdecimal()},
        versions=versions,
    )


def _versions(
    folder: Path,
    read_meta: Callable[[Path], Mapping[str, Any] | None],
    read_texts: Callable[[Path], dict[str, str]],
    moved: Callable[[str], str],
) -> tuple[list[VersionRecord], int, int]:
    """The versions of a model, how many cannot be read, and the highest number."""
    found, unread, highest = [], 0, 0
    for entry in folder.glob(f"{_VERSION}*"):
        number = entry.name.removeprefix(_VERSION)
        if not number.isdecimal() or not (entry / _META).exists():
            continue
        highest = max(highest, int(number))
        meta = read_meta(entry)
        if meta is None:
            unread += 1
        elif meta.get("current_stage") != STAGE_DELETED_INTERNAL:
            found.append(_version(int(number), meta, read_texts(entry / "tags"), moved))
    return sorted(found, key=lambda version: version.version), unread, highest


def _version(number: int, meta: Mapping[str, Any], tags: dict[str, str], moved: Callable[[str], str]) -> VersionRecord:
    created = _time(meta.get("creation_timestamp"))
    source = moved(str(meta.get("source") or ""))
    return VersionRecord(
        version=number,
        creation_time=created,
        last_updated_time=_time(meta.get("last_updated_timestamp")) or created,
        stage=str(meta.get("current_stage") or STAGE_NONE),
        status=str(meta.get("status") or "READY"),
        status_message=meta.get("status_message"),
        description=meta.get("description"),
        user_id=meta.get("user_id"),
        source=source,
        storage_location=moved(str(meta.get("storage_location") or "")) or source,
        run_id=meta.get("run_id"),
        run_link=meta.get("run_link"),
        model_id=meta.get("model_id"),
        tags=tags,
    )


def _time(value: object) -> int:
    return int(value) if isinstance(value, int | float | str) and str(value).lstrip("-").isdecimal() else 0

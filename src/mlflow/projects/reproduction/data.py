"""The data of a run before it is repeated: what is still the same, what changed, what is gone."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from mlflow.data.dataset_source_registry import get_dataset_source_from_json
from mlflow.data.downloads import is_downloaded
from mlflow.entities import Dataset
from mlflow.projects.reproduction.data_digests import plain_digests
from mlflow.projects.reproduction.record import Gap, Record
from mlflow.temporary_folders import temporary_folder
from mlflow.tracking.capture.content import path_digest
from mlflow.tracking.capture.data import content_size, source_address, source_path

__all__ = ["DataCheck", "Places", "check_data"]

Places = list[tuple[str, str]]
"""Old folders, and what stands for each now; the longest first."""


class DataCheck(Struct, frozen=True):
    """What became of a data set since the run.

    Attributes:
        name: of the data set.
        address: where it comes from.
        state: same, changed, gone, or unknown where no digest of its source was recorded.
        detail: for people.
    """

    name: str
    address: str
    state: Literal["same", "changed", "gone", "unknown"]
    detail: str = ""

    def gap(self, *, ignored: bool) -> Gap | None:
        """What is said of it before anything runs; None when it is the same."""
        if self.state == "same":
            return None
        stops = self.state in {"changed", "gone"} and not ignored
        return Gap(f"The data set '{self.name}' ('{self.address}') {self.detail}", fatal=stops, about="Data")


def check_data(
    record: Record, folder: Path, places: Places, *, made: Iterable[Path] = (), ignored: bool = False
) -> list[DataCheck]:
    """Check every data set whose source is a file or an address.

    A local file that the code expects in its own folder, and that came with neither the commit nor the untracked files
    because git ignores it, is copied there from where the run found it.

    Args:
        record: of the run.
        folder: that the command will run in.
        places: where the code and what belongs to it were, and are.
        made: files and folders that are made before it runs.
        ignored: nobody wants to know; remote data is not downloaded.
    """
    checks = []
    later = tuple(made)
    for dataset in {use.dataset: None for use in record.run.inputs.dataset_inputs}:
        address = source_address(dataset.source)
        if address is None:
            continue
        path = source_path(dataset.source)
        if path is not None and any(_target(path, folder, places).is_relative_to(place) for place in later):
            continue
        if path is not None:
            checks.append(_check_local(record, dataset, path, folder, places, ignored=ignored))
        elif not ignored:
            checks.append(_check_remote(dataset, address))
    return checks


def _check_local(
    record: Record, dataset: Dataset, path: Path, folder: Path, places: Places, *, ignored: bool
) -> DataCheck:
    known = record.data.get((dataset.name, dataset.digest), {})
    before = Path(known.get("path") or Path(str(record.process.get("working_directory") or "/")) / path)
    target = _target(path, folder, places)
    found = next((place for place in (target, _moved(before, places), before) if place.exists()), None)
    if found is None:
        if not known and not path.is_absolute():
            return DataCheck(dataset.name, str(path), "unknown", "cannot be checked: no such file was recorded.")
        return DataCheck(dataset.name, str(before), "gone", "is gone: there is no such file any more.")
    check = _compared(dataset, found, known)
    if found != target and target.is_relative_to(folder) and (ignored or check.state in {"same", "unknown"}):
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if found.is_dir() else shutil.copy2)(found, target)
    return check


def _target(path: Path, folder: Path, places: Places) -> Path:
    """Where the command will look for a file."""
    return _moved(path, places) if path.is_absolute() else folder / path


def _moved(path: Path, places: Places) -> Path:
    for old, new in places:
        if path.is_relative_to(old):
            return Path(new) / path.relative_to(old)
    return path


def _compared(dataset: Dataset, found: Path, known: dict[str, Any]) -> DataCheck:
    shown = str(found)
    if known.get("sha256"):
        digest = path_digest(found)
        if digest == known["sha256"]:
            return DataCheck(dataset.name, shown, "same")
        words = f"changed: SHA-256 {known['sha256'][:12]}… is now {(digest or '')[:12]}…."
        return DataCheck(dataset.name, shown, "changed", words)
    if known.get("bytes") is not None and content_size(found) != known["bytes"]:
        words = f"changed: its {known['bytes']:,} bytes are now {content_size(found):,}."
        return DataCheck(dataset.name, shown, "changed", words)
    return _read_again(dataset, found, shown)


def _check_remote(dataset: Dataset, address: str) -> DataCheck:
    try:
        source = get_dataset_source_from_json(dataset.source, source_type=dataset.source_type)
    except Exception as exc:  # noqa: BLE001 - a plugin's source that is not installed, or fails in any way
        return DataCheck(dataset.name, address, "unknown", f"cannot be checked: {exc}")
    with temporary_folder("data") as place:
        try:
            loaded = source.load(str(place)) if is_downloaded(source) else None
        except Exception as exc:  # noqa: BLE001 - stores and servers fail in any way
            return DataCheck(dataset.name, address, "gone", f"is not to be had: {exc}")
        if loaded is None:
            return DataCheck(dataset.name, address, "unknown", "cannot be checked: its kind of source has no files.")
        return _read_again(dataset, Path(loaded), address)


def _read_again(dataset: Dataset, path: Path, address: str) -> DataCheck:
    """Read the file as programs mostly do; when that gives the recorded digest, it is the same."""
    if dataset.digest in plain_digests(path):
        return DataCheck(dataset.name, address, "same")
    words = f"may have changed: read plainly, its digest is not the recorded {dataset.digest}."
    return DataCheck(dataset.name, address, "unknown", f"{words} The program may read it in a way of its own.")

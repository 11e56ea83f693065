"""Writing a journal: a log call encodes one frame, stores it into the mapped file, and returns."""

from __future__ import annotations

import contextlib
import struct
import sys
import threading
import uuid
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Self

import msgspec

from mlflow.contract.addresses import shown
from mlflow.contract.frames import encode, metrics_body, prefix, series_frames, walk
from mlflow.contract.frames_operations import Artifact, Kind, Operation, Params, Tags
from mlflow.environment_variables import MLFLOW_JOURNAL_FSYNC
from mlflow.exceptions import InvalidParameterValue
from mlflow.journal.dictionary import Dictionary
from mlflow.journal.errors import JournalClosed, JournalUnavailable
from mlflow.journal.folder import SPOOL, HeldFolder, remove_folder, sync_folder
from mlflow.journal.forks import survive_forks
from mlflow.journal.header import Header
from mlflow.journal.location import journal_directory, private_folder
from mlflow.journal.part import MappedPart, Part, PlainPart
from mlflow.journal.slices import Slice
from mlflow.journal.spool import spool_file

__all__ = ["Journal"]

PART_BYTES = 64 * 2**20 - 2**16  # with its header a part stays below 64 MiB
DEFINITION_BYTES = 2**18
_METRICS = int(Kind.METRICS)
MAPS_SURVIVE = sys.platform != "win32"


def _closed(frame: bytes) -> object:
    """Stands in for a part's `write` while there is none; ValueError is what a full part raises too."""
    raise ValueError("no part is open")


class Journal:
    """The journal of this process for one destination; any thread may log to it.

    The folder `<directory>/<journal id>` is locked for as long as the process lives. After a fork the child goes on
    with a journal of its own, made on its first call.
    """

    def __init__(self, destination: str, directory: Path, *, mapped: bool = MAPS_SURVIVE) -> None:
        self.destination = destination
        self.directory = directory
        self.on_open: Callable[[], None] = _nothing
        """Called when a forked child has opened its own journal."""
        self._part_class: type[Part] = MappedPart if mapped else PlainPart
        self._durable = MLFLOW_JOURNAL_FSYNC.get()
        self._lock = threading.RLock()  # a signal handler may log in the midst of a log call
        self._closed = False
        self._parts: list[Part] = []
        self._shipped = 0
        self._reset()
        self._open_folder()
        survive_forks(self)

    @classmethod
    def open(cls, destination: str, directory: str | Path | None = None, *, mapped: bool = MAPS_SURVIVE) -> Journal:
        """Start a journal.

        Args:
            destination: URI of the store that its records are for; absolute, since other processes may ship them.
            directory: where journals live; `journal_directory()` when omitted.
            mapped: whether to write through a memory map.

        Raises:
            JournalUnavailable: the folder cannot be written, or the disk is full.
        """
        return cls(destination, Path(directory) if directory is not None else journal_directory(), mapped=mapped)

    def log_metrics(self, run_id: str, metrics: Mapping[str, float], step: int, timestamp: int) -> None:
        """Append one point per metric, all of one step and time (UTC milliseconds).

        Raises:
            JournalUnavailable: the disk is full; nothing was written.
            InvalidParameterValue: step or timestamp is no 64-bit integer, or a value no number.
        """
        keys = tuple(metrics)
        with self._lock:
            write = self._write  # before the entry: when a signal handler rotates in between, this one is closed
            try:
                pack, size, run, index = self._entries[run_id, keys]
                body = pack(_METRICS, run, index, step, timestamp, *metrics.values())
                write(prefix(size, zlib.crc32(body)) + body)
            except (KeyError, ValueError, OSError):
                values = list(metrics.values())
                self._changing_files(lambda: self._log_metrics_slowly(run_id, keys, step, timestamp, values))
            except (struct.error, TypeError, OverflowError) as exc:
                raise _no_numbers(step, timestamp, metrics) from exc

    def log_series(
        self, run_id: str, key: str, steps: Iterable[int], timestamps: Iterable[int], values: Iterable[float]
    ) -> None:
        """Append a metric's history: three columns of equal length.

        Raises:
            JournalUnavailable: the disk is full; the first 40,000-point pieces may have been written.
            InvalidParameterValue: the columns differ in length or are not 64-bit numbers.
        """
        for frame in series_frames(run_id, key, steps, timestamps, values):
            self._append(frame, run_id)

    def log_params(self, run_id: str, params: Mapping[str, str]) -> None:
        """Append params of a run.

        Raises:
            JournalUnavailable: the disk is full; nothing was written.
        """
        self.append(Params(run_id, dict(params)))

    def log_tags(self, run_id: str, tags: Mapping[str, str]) -> None:
        """Append tags of a run.

        Raises:
            JournalUnavailable: the disk is full; nothing was written.
        """
        self.append(Tags(run_id, dict(tags)))

    def append(self, operation: Operation) -> None:
        """Append any record but METRICS and SERIES.

        Raises:
            JournalUnavailable: the disk is full; nothing was written.
            InvalidParameterValue: the record is larger than 16 MiB or not valid Unicode.
        """
        artifact = operation if isinstance(operation, Artifact) else None
        self._append(encode(operation), getattr(operation, "run_id", None), artifact)

    def spool(self, run_id: str, path: str, file: Path, *, owned: bool = False) -> None:
        """Keep a file for upload as a run's artifact `path`.

        Args:
            run_id: the run.
            path: below the run's artifact root, with the file's name.
            file: an existing file.
            owned: nobody will write to the file any more, so that a hard link can replace the copy.

        Raises:
            JournalUnavailable: the disk is full.
            OSError: the file cannot be read.
        """
        name, size, digest = spool_file(self._spool_folder(), file, owned=owned)
        self.append(Artifact(run_id, path, name, size, digest))

    @property
    def journal_id(self) -> str:
        """32 hexadecimal digits; a forked child gets new ones with its first call."""
        return self._header.journal_id

    @property
    def folder(self) -> Path:
        """Where this journal's files are."""
        return self.directory / self.journal_id

    @property
    def end_offset(self) -> int:
        """The sequence number of the last frame."""
        with self._lock:
            return self._parts[-1].end if self._parts else 0

    def end_of(self, run_id: str) -> int:
        """A sequence number not before the run's last frame; 0 if nothing of it waits."""
        with self._lock:
            return max((part.end for part in self._parts if run_id in part.runs), default=0)

    def next_slice(self, limit: int) -> Slice | None:
        """The frames after the acknowledged offset, about `limit` bytes of them; None if there are none."""
        with self._lock:
            part = next((part for part in self._parts if part.end > self._shipped), None)
            if part is None:
                return None
            start, end = max(self._shipped, part.base), part.end
            definitions, artifacts = bytes(part.definitions), list(part.artifacts)
        frames = self._read(part, start, end, limit)
        stop = start + len(frames)
        chosen = tuple((at, artifact) for at, artifact in artifacts if start < at <= stop)
        return Slice(start, stop, definitions, memoryview(frames), chosen)

    @staticmethod
    def _read(part: Part, start: int, end: int, limit: int) -> bytes:
        """Whole frames: all there are, or as many as fit into the limit, or one that is larger."""
        frames = part.read(start, min(limit, end - start))
        if len(frames) == end - start:
            return frames
        stop = max((found.end for found in walk(frames, verify=False)), default=0)
        if stop:
            return frames[:stop]
        return part.read(start, 8 + int.from_bytes(frames[:4], "little"))

    def acknowledge(self, offset: int) -> None:
        """Note how far the destination has answered, and delete parts that are wholly shipped."""
        with self._lock:
            if self._closed or self._held is None:
                return
            self._shipped = max(self._shipped, min(offset, self._parts[-1].end))
            self._held.acknowledged.write(self._shipped)
            done = [part for part in self._parts[:-1] if part.end <= self._shipped]
            self._parts = self._parts[len(done) :]
        for part in done:
            part.path.unlink(missing_ok=True)

    @property
    def acknowledged(self) -> int:
        """The highest offset the destination has answered for."""
        return self._shipped

    def refresh(self) -> int:
        """Take over the acknowledged offset that another process's shipper noted, and answer it."""
        with self._lock:
            if self._held is not None and not self._closed:
                self._shipped = max(self._shipped, self._held.acknowledged.read())
                self._parts = [part for part in self._parts[:-1] if part.end > self._shipped] + self._parts[-1:]
            return self._shipped

    def close(self, *, keep: bool = False) -> None:
        """End the journal; what is not acknowledged stays for the next process. Harmless when done twice.

        Args:
            keep: leave the folder there even if all is acknowledged, for the process that ships it to delete.
        """
        with self._lock:
            if self._closed:
                return
            self._closed = True
            shipped = not self._parts or self._shipped >= self._parts[-1].end
            folder = self.folder
            self._release(Part.close)
        if shipped and not keep:
            remove_folder(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def before_fork(self) -> contextlib.AbstractContextManager[object]:
        """The lock that keeps the journal from being copied in the midst of a change."""
        return self._lock

    def after_fork(self) -> None:
        """Leave the parent's files alone; the next call opens a journal of this process."""
        self._lock = threading.RLock()
        self._release(Part.forget)
        self._reset()

    def _reset(self) -> None:
        """Know of no file."""
        self._header = Header.of_this_process(uuid.uuid4().hex, self.destination)
        self._parts = []
        self._shipped = 0
        self._held: HeldFolder | None = None
        self._forget_definitions()
        self._write: Callable[[bytes], object] = _closed
        self._changing = False
        self._deferred: list[Callable[[], None]] = []

    def _forget_definitions(self) -> None:
        self._dictionary = Dictionary()
        self._entries = self._dictionary.entries

    def _release(self, let_go: Callable[[Part], None]) -> None:
        """Let go of all files and the lock."""
        for part in self._parts:
            let_go(part)
        if self._held is not None:
            self._held.close()
        self._write = _closed

    def _open_folder(self) -> None:
        """Make the journal's folder with its first part."""
        private_folder(self.directory)
        try:
            with HeldFolder.made(self.folder) as held:
                part = self._part_class(held.path, self._header, durable=self._durable)
            part.path = self.folder / part.path.name
        except OSError as exc:
            raise self._unavailable(exc) from exc
        self._held, self._parts, self._write = held, [part], part.write
        self._sync_folders()

    def _sync_folders(self) -> None:
        if self._durable:
            sync_folder(self.folder)
            sync_folder(self.directory)

    def _unavailable(self, exc: OSError) -> JournalUnavailable:
        return JournalUnavailable(
            f"Cannot write the journal below {str(self.directory)!r}: {exc.strerror or exc}. "
            "Free some disk space, or set MLFLOW_JOURNAL_DIR to another folder."
        )

    def _current(self) -> Part:
        """The part that is written; a forked child opens its journal here."""
        if self._closed:
            raise JournalClosed(f"The journal for {shown(self.destination)!r} is closed. Open another.")
        if not self._parts:
            self._open_folder()
            self.on_open()
        return self._parts[-1]

    def _log_metrics_slowly(
        self, run_id: str, keys: tuple[str, ...], step: int, timestamp: int, values: list[float]
    ) -> None:
        """Append a METRICS frame whose run or keys are new, or which does not fit into the part."""
        if not keys:
            return
        packer = metrics_body(len(keys))
        try:
            packer.pack(_METRICS, 0, 0, step, timestamp, *values)
        except (struct.error, TypeError, ValueError, OverflowError) as exc:
            raise _no_numbers(step, timestamp, dict(zip(keys, values, strict=True))) from exc
        definitions = Dictionary.room(run_id, keys)
        try:
            part = self._room(8 + packer.size + definitions, definitions)
            pack, size, run, index = self._dictionary.define(part, run_id, keys)
            part.runs.add(run_id)
            body = pack(_METRICS, run, index, step, timestamp, *values)
            part.write(prefix(size, zlib.crc32(body)) + body)
        except OSError as exc:
            raise self._unavailable(exc) from exc

    def _append(self, frame: bytes, run_id: str | None, artifact: Artifact | None = None) -> None:
        with self._lock:
            self._changing_files(lambda: self._append_now(frame, run_id, artifact))

    def _append_now(self, frame: bytes, run_id: str | None, artifact: Artifact | None) -> None:
        try:
            part = self._room(len(frame), 0)
            part.write(frame)
        except OSError as exc:
            raise self._unavailable(exc) from exc
        if run_id is not None:
            part.runs.add(run_id)
        if artifact is not None:
            part.artifacts.append((part.end, artifact))

    def _changing_files(self, change: Callable[[], None]) -> None:
        """Do what may open or enlarge a part.

        A signal handler that logs in the midst of it, in the same thread, has its call done right after.
        """
        if self._changing:
            self._deferred.append(change)
            return
        self._changing = True
        self._write = _closed
        try:
            change()
        finally:
            self._changing = False
            self._write = self._parts[-1].write if self._parts else _closed
        if self._deferred:
            self._changing_files(self._deferred.pop(0))

    def _room(self, needed: int, definitions: int) -> Part:
        """The part that takes so many more bytes: the current one, enlarged if need be, or the next."""
        part = self._current()
        if part.end - part.base and (
            part.end - part.base + needed > PART_BYTES or len(part.definitions) + definitions > DEFINITION_BYTES
        ):
            part = self._rotate(part)
        if part.room < needed:
            part.grow(needed)
        return part

    def _rotate(self, full: Part) -> Part:
        """Go on in a new part, which defines anew what its frames use."""
        header = msgspec.structs.replace(self._header, base=full.end)
        part = self._part_class(self.folder, header, durable=self._durable)
        self._forget_definitions()
        self._parts = [*self._parts, part]
        full.close()
        self._sync_folders()
        return part

    def _spool_folder(self) -> Path:
        with self._lock:
            self._current()
            folder = self.folder / SPOOL
        private_folder(folder)
        return folder


def _no_numbers(step: int, timestamp: int, metrics: Mapping[str, float]) -> InvalidParameterValue:
    return InvalidParameterValue(
        f"Step {step!r} and timestamp {timestamp!r} must be 64-bit integers, and the metrics {metrics!r:.200} floats."
    )


def _nothing() -> None:
    pass

"""One step of shipping: a slice sent, its refusals set aside, its artifacts uploaded, its end acknowledged."""

from __future__ import annotations

import logging
from pathlib import Path

from mlflow.contract.addresses import shown
from mlflow.contract.frames import Ingested, encode
from mlflow.contract.frames_operations import Artifact
from mlflow.exceptions import ErrorCode, MlflowException, TemporarilyUnavailable
from mlflow.journal.destination import Destination
from mlflow.journal.folder import SPOOL
from mlflow.journal.rejected import RejectedFile
from mlflow.journal.slices import Damage, Slice, Source

__all__ = ["SLICE_BYTES", "Delivery"]

SLICE_BYTES = 4 * 2**20
REASONS_TOLD = 20

_logger = logging.getLogger(__name__)

# What another moment or another login cannot lift
_FINAL = (
    ErrorCode.BAD_REQUEST,
    ErrorCode.DATA_LOSS,
    ErrorCode.FEATURE_DISABLED,
    ErrorCode.INVALID_PARAMETER_VALUE,
    ErrorCode.INVALID_STATE,
    ErrorCode.MALFORMED_REQUEST,
    ErrorCode.NOT_IMPLEMENTED,
    ErrorCode.PERMISSION_DENIED,
    ErrorCode.RESOURCE_ALREADY_EXISTS,
    ErrorCode.RESOURCE_DOES_NOT_EXIST,
    ErrorCode.RESOURCE_LIMIT_EXCEEDED,
)
_FINAL_NAMES = frozenset(code.name for code in _FINAL)


class Delivery:
    """Ships one journal, step by step, in the thread that calls.

    Args:
        source: the journal.
        destination: what its header's URI stands for.
        directory: where refused frames are kept.
    """

    def __init__(self, source: Source, destination: Destination, directory: Path) -> None:
        self.source = source
        self.destination = destination
        self.directory = directory
        self.rejected = 0
        self._aside = RejectedFile(directory, source.journal_id, source.destination)
        self._told: set[tuple[str, str]] = set()

    def step(self, limit: int = SLICE_BYTES) -> bool:
        """Ship one slice; False when nothing waits.

        Raises:
            Exception: what the destination raised; nothing is acknowledged and the step can be repeated.
        """
        piece = self.source.next_slice(limit)
        if piece is None:
            return False
        for damage in piece.damage:
            self._set_damage_aside(damage)
        end = self._ingest(piece) if piece.frames else piece.end
        done = [(at, artifact) for at, artifact in piece.artifacts if at <= end]
        for at, artifact in done:
            self._upload(at, artifact)
        self.source.acknowledge(end)
        for _, artifact in done:
            self._spooled(artifact).unlink(missing_ok=True)
        return True

    def _ingest(self, piece: Slice) -> int:
        """Send the frames; answer the offset up to which they are applied."""
        answer: Ingested = self.destination.ingest(self.source.journal_id, piece.start, piece.definitions, piece.frames)
        if answer.applied <= piece.start:
            raise TemporarilyUnavailable(
                f"{shown(self.source.destination)!r} applied nothing after offset {piece.start}; it is sent again."
            )
        for reason in self._aside.add_frames(answer.rejected, piece.start, piece.definitions, piece.frames):
            self._tell(reason.error_code, reason.message)
        return min(answer.applied, piece.end)

    def _upload(self, offset: int, artifact: Artifact) -> None:
        file = self._spooled(artifact)
        try:
            self.destination.upload(artifact.run_id, artifact.path, file, artifact.sha256)
        except MlflowException as exc:
            if exc.error_code not in _FINAL_NAMES:
                raise
            self._refuse_artifact(offset, artifact, exc.error_code, exc.message)
            self._aside.keep(file)
        except FileNotFoundError:
            if file.exists():
                raise
            self._refuse_artifact(offset, artifact, ErrorCode.DATA_LOSS.name, "The spooled file is gone.")

    def _refuse_artifact(self, offset: int, artifact: Artifact, error_code: str, message: str) -> None:
        if self._aside.add(offset, error_code, message, encode(artifact)):
            self._tell(error_code, f"artifact {artifact.path!r}: {message}")

    def _spooled(self, artifact: Artifact) -> Path:
        """Where a spooled file lies; a name in a damaged or forged journal cannot lead elsewhere."""
        return self.directory / self.source.journal_id / SPOOL / Path(artifact.file).name

    def _set_damage_aside(self, damage: Damage) -> None:
        if damage.torn:
            _logger.info(
                "Journal %s ends in %d bytes of a call that did not return.", self.source.journal_id, len(damage.data)
            )
            return
        message = f"The journal is damaged from offset {damage.start} to {damage.end}; its bytes were set aside."
        if self._aside.add(damage.end, ErrorCode.DATA_LOSS.name, message, damage.data):
            self._tell(ErrorCode.DATA_LOSS.name, message)

    def _tell(self, error_code: str, message: str) -> None:
        """Warn of a reason, once."""
        self.rejected += 1
        if (error_code, message) in self._told or len(self._told) >= REASONS_TOLD:
            return
        self._told.add((error_code, message))
        _logger.warning(
            "A logged record was refused: %s (%s). It is kept in %s; see mlflow sync --rejected.",
            message,
            error_code,
            self._aside.path,
        )

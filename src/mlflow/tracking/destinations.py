"""Where journals are shipped to, by address: a server's intake, a database, or a store that knows log-batch only."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from mlflow.artifacts.paths import ArtifactPath
from mlflow.contract.caller import EVERYONE
from mlflow.contract.frames import Ingested, Rejected, decode
from mlflow.contract.frames_operations import Operation, Unreadable
from mlflow.contract.journals import Journals
from mlflow.contract.server import Server
from mlflow.contract.store import TrackingStore
from mlflow.exceptions import ErrorCode, MlflowException
from mlflow.journal.destination import Destination
from mlflow.stores import is_server
from mlflow.tracking.artifact_lookup import run_artifacts
from mlflow.tracking.backend import request_headers, tracking_backend
from mlflow.tracking.batches import Batches

__all__ = ["FACTORY", "destination_for"]

FACTORY = "mlflow.tracking.destinations:destination_for"
"""`destination_for`, as a process that ships for another is told it."""

_REFUSED = frozenset({400, 403, 404, 409, 501})  # HTTP statuses that another moment will not change
_NO_INTAKE = frozenset({404, 405, 501})


def destination_for(uri: str) -> Destination:
    """What a journal's address stands for; nothing is opened before the first call."""
    return _Opened(uri, _server_intake if is_server(uri) else _store_intake)


class _Opened:
    """A destination that is opened on its first call, and again in a forked child."""

    def __init__(self, uri: str, open_intake: Callable[[str], Intake]) -> None:
        self._uri, self._open_intake = uri, open_intake
        self._intake: tuple[int, Intake] | None = None

    def ingest(self, journal_id: str, start: int, definitions: bytes, frames: memoryview) -> Ingested:
        """Apply frames in order; see `Destination`."""
        if self._intake is None or self._intake[0] != os.getpid():
            self._intake = os.getpid(), self._open_intake(self._uri)
        return self._intake[1].ingest(EVERYONE, journal_id, start, definitions, frames)  # type: ignore[arg-type]  # a view will do

    def upload(self, run_id: str, path: str, file: Path, sha256: str) -> None:
        """Upload a spooled file as a run's artifact; see `Destination`."""
        intake = self._intake and self._intake[1]
        known = intake.server_id(run_id) if isinstance(intake, _BatchIntake) else run_id
        run_artifacts(self._uri, known).upload_file(file, ArtifactPath.parse_file(path))


def _server_intake(uri: str) -> Intake:
    """A server's intake; each request is sent once, since the shipper tries again by itself."""
    from mlflow.remote.store import remote, remote_store
    from mlflow.remote.transport import Transport

    transport = Transport(uri, request_headers, max_retries=0)
    server: Server = remote(Server, transport)
    if _takes_frames(server):
        journals: Journals = remote(Journals, transport)
        return journals
    return _BatchIntake(remote_store(transport))


def _takes_frames(server: Server) -> bool:
    """Whether the server has an intake; one that only fails at the moment is asked again."""
    try:
        return server.get_server_info(EVERYONE).extensions > 0
    except MlflowException as exc:
        if exc.get_http_status_code() in _NO_INTAKE:
            return False
        raise


def _store_intake(uri: str) -> Intake:
    """The intake of a database; batches for a plugin's store."""
    backend = tracking_backend(uri)
    return backend.store.journals if backend.extensions else _BatchIntake(backend.store)


class _BatchIntake:
    """Takes frames to a store without an intake: decoded, and told by its other calls."""

    def __init__(self, store: TrackingStore) -> None:
        self._batches = Batches(store)
        self.server_id = self._batches.server_id

    def ingest(
        self, caller: object, journal_id: str, start: int, definitions: bytes, frames: bytes | memoryview
    ) -> Ingested:
        """Apply operations until one fails in a way that may pass."""
        applied, rejected = start, list[Rejected]()
        for operation in decode(definitions, frames, start):
            try:
                self._apply(operation)
            except MlflowException as exc:
                if exc.get_http_status_code() not in _REFUSED:
                    if applied == start:
                        raise
                    return Ingested(applied, rejected)
                rejected += [Rejected(end, exc.error_code, exc.message) for end in _frame_ends(operation)]
            applied = operation.end
        return Ingested(max(applied, start + len(frames)), rejected)

    def _apply(self, operation: Operation) -> None:
        if isinstance(operation, Unreadable):
            raise MlflowException(operation.reason, ErrorCode.INVALID_PARAMETER_VALUE)
        self._batches.apply(operation)


def _frame_ends(operation: Operation) -> Iterator[int]:
    """The sequence numbers of the frames an operation was read from."""
    ends = getattr(operation, "ends", None)
    yield from ends.tolist() if ends is not None else [getattr(operation, "offset", operation.end)]


Intake: TypeAlias = Journals | _BatchIntake

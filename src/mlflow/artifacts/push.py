"""The sending side of multipart uploads: parts in parallel, and after an interruption only those that are missing.

Which upload a file belongs to is kept in a small file below the user's state folder, named by server, path, size and
modification time, so that the next attempt, also of another process, finds it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from mlflow.artifacts.digests import Digest
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.store import MAX_PARTS, Part, Upload, Uploads
from mlflow.artifacts.transfer import each
from mlflow.exceptions import DataLoss, ResourceConflict, ResourceDoesNotExist

__all__ = ["part_size_for", "push"]

_PARALLEL = 4
_ATTEMPTS = 4
_PAUSE = 0.5


def push(uploads: Uploads, server: str, local: Path, path: ArtifactPath, part_size: int) -> None:
    """Upload a local file in parts.

    Raises:
        ResourceConflict: the file changed while it was sent.
        DataLoss: bytes arrived changed, again and again.
    """
    with local.open("rb", buffering=0) as file:
        facts = os.fstat(file.fileno())
        memory = _Memory(f"{server} {path} {facts.st_size} {facts.st_mtime_ns}")
        upload, held = _begin(uploads, memory, path, facts.st_size, part_size_for(facts.st_size, part_size))
        sender = _Sender(uploads, upload, file.fileno(), held)
        each(sender.send, range(1, upload.part_count + 1), _PARALLEL)
        after = os.fstat(file.fileno())
        if (after.st_size, after.st_mtime_ns) != (facts.st_size, facts.st_mtime_ns):
            uploads.abort(upload)
            raise ResourceConflict(f"'{local}' changed while it was uploaded; upload it again when it is complete.")
        uploads.complete(upload, Digest.of_parts(sender.digests, upload.part_size))
        memory.forget()


def part_size_for(size: int, preferred: int) -> int:
    """The part size for a file, in bytes: the preferred one, doubled until the parts are few enough."""
    while size > preferred * MAX_PARTS:
        preferred *= 2
    return preferred


class _Sender:
    """Reads, hashes and sends single parts; one that the server holds already is hashed only."""

    def __init__(self, uploads: Uploads, upload: Upload, file: int, held: dict[int, Part]) -> None:
        self._uploads, self._upload, self._file, self._held = uploads, upload, file, held
        self._digests = [""] * upload.part_count

    @property
    def digests(self) -> Iterator[str]:
        """The SHA-256 of each part, in order."""
        return iter(self._digests)

    def send(self, number: int) -> None:
        size = self._upload.size_of(number)
        content = os.pread(self._file, size, (number - 1) * self._upload.part_size)
        if len(content) != size:
            raise ResourceConflict(f"'{self._upload.path}' became shorter while it was uploaded; upload it again.")
        sha256 = hashlib.sha256(content).hexdigest()
        self._digests[number - 1] = sha256
        held = self._held.get(number)
        if held is None or held.sha256 != sha256:
            self._deliver(number, content, sha256)

    def _deliver(self, number: int, content: bytes, sha256: str) -> None:
        # Changed bytes are sent again at once; a part that a broken request still holds is free again shortly.
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._uploads.put(self._upload, number, [content], sha256)
                return
            except (DataLoss, ResourceConflict):
                if attempt == _ATTEMPTS:
                    raise
                time.sleep(_PAUSE * (attempt - 1))


class _Memory:
    """Remembers an upload's id across processes; forgetting costs no more than sending everything again."""

    def __init__(self, key: str) -> None:
        state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
        self._file = state / "mlflow" / "uploads" / hashlib.sha256(key.encode(errors="surrogateescape")).hexdigest()

    def recall(self) -> str | None:
        with contextlib.suppress(OSError):
            return self._file.read_text()
        return None

    def keep(self, upload_id: str) -> None:
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(0o700, parents=True, exist_ok=True)
            self._file.write_text(upload_id)

    def forget(self) -> None:
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)


def _begin(
    uploads: Uploads, memory: _Memory, path: ArtifactPath, size: int, part_size: int
) -> tuple[Upload, dict[int, Part]]:
    known = memory.recall()
    if known:
        with contextlib.suppress(ResourceDoesNotExist):
            upload = uploads.get(known)
            if (upload.path, upload.size) == (path, size):
                return upload, {part.number: part for part in uploads.parts(upload)}
    upload = uploads.create(path, size, part_size)
    memory.keep(upload.id)
    return upload, {}

"""SHA-256 of the files of a model, in `digests.json` beside its manifest; MLflow reads past that file.

    {"algorithm": "sha256", "files": {"model.skops": "<64 hexadecimal digits>", …}}

Manifest, signature and environment may be edited later, also by tools that do not know of digests, so the manifest and
the files of the environment are not listed: what is listed is what loading the model reads or runs.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from mlflow.exceptions import DataLoss
from mlflow.models.yaml_files import write_text

__all__ = ["DIGESTS_FILE_NAME", "EDITABLE", "DigestMismatch", "FileDigests", "hash_files", "model_files"]

DIGESTS_FILE_NAME = "digests.json"
EDITABLE = frozenset(
    {
        DIGESTS_FILE_NAME,
        "MLmodel",
        "requirements.txt",
        "constraints.txt",
        "conda.yaml",
        "environment_variables.txt",
        "python_env.yaml",
        "registered_model_meta",
    }
)
"""Files at the root that carry no digest."""

_CODE = "code/"


class DigestMismatch(DataLoss):
    """A file of a model is not the one that was saved: the model is not loaded."""


class FileDigests(msgspec.Struct, frozen=True):
    """The digests of a model's files, by path relative to its folder."""

    files: dict[str, str]
    algorithm: str = "sha256"

    @classmethod
    def of(cls, folder: Path) -> FileDigests:
        """The digests of the files as they are now."""
        return cls(hash_files(folder))

    @classmethod
    def read(cls, folder: Path) -> FileDigests | None:
        """The digests that were saved with a model; None for a model saved without.

        Raises:
            DigestMismatch: the file of digests is broken.
        """
        path = folder / DIGESTS_FILE_NAME
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except FileNotFoundError:
            return None
        except (msgspec.DecodeError, UnicodeDecodeError) as exc:
            raise DigestMismatch(f"Digests '{path}' cannot be read: {exc}. Restore the model from its source.") from exc

    def save(self, folder: Path) -> None:
        """Write them beside the manifest."""
        text = msgspec.json.format(msgspec.json.encode(self), indent=2).decode()
        write_text(folder / DIGESTS_FILE_NAME, text + "\n")

    def model_digest(self) -> str:
        """One SHA-256 for all files: over a line `<digest>  <path>` for each, in order of the paths.

        It is what `sha256sum` prints for the files, sorted by path, hashed once more.
        """
        lines = "".join(f"{self.files[path]}  {path}\n" for path in sorted(self.files))
        return hashlib.sha256(lines.encode()).hexdigest()

    def check(self, folder: Path) -> FileDigests:
        """Compare with the files as they are now.

        Returns:
            The digests of all that are there: further ones too, which an edited manifest could have loaded.

        Raises:
            DigestMismatch: a file changed, is missing, or was added to the model's code.
        """
        found = hash_files(folder)
        wrong = [f"'{path}' is missing" for path in self.files if path not in found]
        wrong += [f"'{path}' changed" for path, digest in self.files.items() if found.get(path, digest) != digest]
        wrong += [f"'{path}' was added" for path in found if path not in self.files and path.startswith(_CODE)]
        if wrong:
            raise DigestMismatch(
                f"Model '{folder}' is not the one that was saved: {'; '.join(sorted(wrong))}. It is not loaded. "
                "Download it again, or save it again if the change was meant."
            )
        return FileDigests(found)


def hash_files(folder: Path) -> dict[str, str]:
    """Path -> SHA-256 of each file below a folder, but for those that may be edited."""
    return {name: _digest(folder / name) for name in model_files(folder) if name not in EDITABLE}


def model_files(folder: Path) -> Iterator[str]:
    """The paths of all files below a folder, relative and with `/`, sorted; caches of byte code are left out."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(files):
            yield Path(root, name).relative_to(folder).as_posix()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

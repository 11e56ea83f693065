"""Files that an evaluation made, as what they hold: pictures, tables, arrays, documents, texts, pickled objects."""

from __future__ import annotations

import hashlib
import json
import pickle
from abc import ABC, abstractmethod
from pathlib import Path, PurePosixPath
from typing import Any

from mlflow.artifacts.reading import local_artifact
from mlflow.evaluation.json_values import plain
from mlflow.exceptions import ResourceDoesNotExist
from mlflow.models.pickle_policy import UnsafeModel, decide

__all__ = [
    "KINDS",
    "CsvEvaluationArtifact",
    "EvaluationArtifact",
    "ImageEvaluationArtifact",
    "JsonEvaluationArtifact",
    "NumpyEvaluationArtifact",
    "ParquetEvaluationArtifact",
    "PickleEvaluationArtifact",
    "TextEvaluationArtifact",
]

_PUBLISHED_MODULE = "mlflow.models.evaluation.artifacts"


class EvaluationArtifact(ABC):
    """One file of an evaluation.

    A plugin's kind of artifact subclasses it and says how its content is written to a local file and read from one.

    Args:
        uri: where the file is kept.
        content: what it holds; read from the file on first use when omitted.
    """

    def __init__(self, uri: str, content: Any = None) -> None:
        self._uri = uri
        self._content = content
        self._local: Path | None = None

    @property
    def uri(self) -> str:
        """Where the file is kept."""
        return self._uri

    @property
    def content(self) -> Any:
        """What the file holds."""
        if self._content is None:
            self._load()
        return self._content

    def _load(self, local_artifact_path: str | Path | None = None) -> None:
        """Read the content, from a local file, or the one it was saved to, or else from where it is kept.

        The published package saves tables of results as an empty document: these are read from where they are kept.
        """
        path = local_artifact_path or self._local
        if path is not None and not Path(path).exists():
            raise ResourceDoesNotExist(
                f"Evaluation artifact '{path}' is not there. Save the evaluation's result again."
            )
        if path is not None:
            self._content = self._load_content_from_file(str(path))
        if self._content is None and path is self._local:
            with local_artifact(self._uri) as kept:
                self._content = self._load_content_from_file(str(kept))

    @abstractmethod
    def _load_content_from_file(self, local_artifact_path: str) -> Any:
        """The content of a local file."""

    @abstractmethod
    def _save(self, output_artifact_path: str) -> None:
        """Write the content to a local file."""

    @classmethod
    def kind(cls) -> str:
        """The class's path, as saved results name it."""
        module = _PUBLISHED_MODULE if cls.__module__ == __name__ else cls.__module__
        return f"{module}.{cls.__qualname__}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}(uri='{self._uri}')"


class ImageEvaluationArtifact(EvaluationArtifact):
    """A picture, as a PIL image."""

    def _load_content_from_file(self, local_artifact_path: str) -> Any:
        from PIL import Image

        with Image.open(local_artifact_path) as image:
            image.load()
            return image

    def _save(self, output_artifact_path: str) -> None:
        self.content.save(output_artifact_path)


class CsvEvaluationArtifact(EvaluationArtifact):
    """A table, as a DataFrame."""

    def _load_content_from_file(self, local_artifact_path: str) -> Any:
        import pandas as pd

        return pd.read_csv(local_artifact_path)

    def _save(self, output_artifact_path: str) -> None:
        self.content.to_csv(output_artifact_path, index=False)


class ParquetEvaluationArtifact(EvaluationArtifact):
    """A table in parquet, as a DataFrame."""

    def _load_content_from_file(self, local_artifact_path: str) -> Any:
        import pandas as pd

        return pd.read_parquet(local_artifact_path)

    def _save(self, output_artifact_path: str) -> None:
        self.content.to_parquet(output_artifact_path)


class NumpyEvaluationArtifact(EvaluationArtifact):
    """An array; one that holds objects is not read, as that would run code of the file."""

    def _load_content_from_file(self, local_artifact_path: str) -> Any:
        import numpy as np

        return np.load(local_artifact_path, allow_pickle=False)

    def _save(self, output_artifact_path: str) -> None:
        import numpy as np

        np.save(output_artifact_path, self.content, allow_pickle=False)


class JsonEvaluationArtifact(EvaluationArtifact):
    """A document: what JSON can hold."""

    def _load_content_from_file(self, local_artifact_path: str) -> Any:
        return json.loads(Path(local_artifact_path).read_text(encoding="utf-8"))

    def _save(self, output_artifact_path: str) -> None:
        Path(output_artifact_path).write_text(json.dumps(self.content, default=plain), encoding="utf-8")


class TextEvaluationArtifact(EvaluationArtifact):
    """A text."""

    def _load_content_from_file(self, local_artifact_path: str) -> Any:
        return Path(local_artifact_path).read_text(encoding="utf-8")

    def _save(self, output_artifact_path: str) -> None:
        Path(output_artifact_path).write_text(self.content, encoding="utf-8")


class PickleEvaluationArtifact(EvaluationArtifact):
    """Any object that can be pickled; the settings about pickled models say whether it may be read back."""

    def _load_content_from_file(self, local_artifact_path: str) -> Any:
        path = Path(local_artifact_path)
        content = path.read_bytes()
        decide(UnsafeModel(self.uri, path.parent, hashlib.sha256(content).hexdigest(), "pickle"))
        return pickle.loads(content)  # noqa: S301 - the line above decides whether it may run

    def _save(self, output_artifact_path: str) -> None:
        Path(output_artifact_path).write_bytes(pickle.dumps(self.content))


KINDS: dict[str, type[EvaluationArtifact]] = {
    ".csv": CsvEvaluationArtifact,
    ".jpeg": ImageEvaluationArtifact,
    ".jpg": ImageEvaluationArtifact,
    ".json": JsonEvaluationArtifact,
    ".npy": NumpyEvaluationArtifact,
    ".parquet": ParquetEvaluationArtifact,
    ".pickle": PickleEvaluationArtifact,
    ".png": ImageEvaluationArtifact,
    ".txt": TextEvaluationArtifact,
}
"""File extension -> the kind of artifact that such a file is."""


def file_name(artifact: EvaluationArtifact) -> str:
    """The name that an artifact's file has wherever it is kept."""
    return PurePosixPath(artifact.uri).name

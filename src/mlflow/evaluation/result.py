"""What an evaluation found: metrics by name, files by name, and tables."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from mlflow.evaluation.artifacts import EvaluationArtifact, JsonEvaluationArtifact, file_name
from mlflow.evaluation.json_values import plain
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EvaluationResult"]

_METRICS = "metrics.json"
_ARTIFACTS = "artifacts_metadata.json"
_FILES = "artifacts"
_TABLES = "_results_table"


class EvaluationResult:
    """What `mlflow.evaluate` returns.

    Args:
        metrics: values by name.
        artifacts: files by name.
        run_id: the run that has both.
    """

    def __init__(
        self, metrics: dict[str, Any], artifacts: dict[str, EvaluationArtifact], run_id: str | None = None
    ) -> None:
        self._metrics = metrics
        self._artifacts = artifacts
        self._run_id = run_id

    @property
    def metrics(self) -> dict[str, Any]:
        """Values by name."""
        return self._metrics

    @property
    def artifacts(self) -> dict[str, EvaluationArtifact]:
        """Files by name."""
        return self._artifacts

    @property
    def run_id(self) -> str | None:
        """The run that has the metrics and files."""
        return self._run_id

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables by name: `eval_results_table` has a row for each row of the data, where a metric scores rows."""
        import pandas as pd

        return {
            name: pd.DataFrame(artifact.content["data"], columns=artifact.content["columns"])
            for name, artifact in self._artifacts.items()
            if name.endswith(_TABLES) and isinstance(artifact, JsonEvaluationArtifact)
        }

    def save(self, path: str | Path) -> None:
        """Write metrics and files to a local folder, for `load`."""
        files = Path(path, _FILES)
        files.mkdir(parents=True, exist_ok=True)
        kinds = {name: {"uri": found.uri, "class_name": found.kind()} for name, found in self._artifacts.items()}
        for artifact in self._artifacts.values():
            artifact._save(str(files / file_name(artifact)))
        Path(path, _METRICS).write_text(json.dumps(self._metrics, default=plain), encoding="utf-8")
        Path(path, _ARTIFACTS).write_text(json.dumps(kinds), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read what `save` wrote; the files' contents are read on first use.

        Raises:
            ResourceDoesNotExist: the folder holds no result.
            InvalidParameterValue: the result names a kind of artifact that is not known here.
        """
        try:
            metrics = json.loads(Path(path, _METRICS).read_text(encoding="utf-8"))
            kinds = json.loads(Path(path, _ARTIFACTS).read_text(encoding="utf-8"))
        except FileNotFoundError as exc:
            raise ResourceDoesNotExist(
                f"Folder '{path}' holds no evaluation result: '{exc.filename}' is missing. "
                "Give a folder that EvaluationResult.save wrote."
            ) from exc
        return cls(metrics, {name: _saved(Path(path, _FILES), told) for name, told in kinds.items()})

    @classmethod
    def merged(cls, results: Iterable[EvaluationResult], run_id: str | None) -> Self:
        """The results of several evaluators as one; later ones win where names clash."""
        metrics: dict[str, Any] = {}
        artifacts: dict[str, EvaluationArtifact] = {}
        for result in results:
            metrics |= result.metrics
            artifacts |= result.artifacts
        return cls(metrics, artifacts, run_id)


def _saved(files: Path, told: dict[str, str]) -> EvaluationArtifact:
    artifact = _kind(told["class_name"])(told["uri"])
    artifact._local = files / file_name(artifact)
    return artifact


def _kind(class_name: str) -> type[EvaluationArtifact]:
    """The class of a saved artifact; never anything but a kind of artifact."""
    module, _, name = class_name.rpartition(".")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as exc:
        raise InvalidParameterValue(
            f"Kind of evaluation artifact '{class_name}' is not known: {exc}. Install the package that has it."
        ) from exc
    if not (isinstance(found, type) and issubclass(found, EvaluationArtifact)):
        raise InvalidParameterValue(f"'{class_name}' is no kind of evaluation artifact. The saved result is broken.")
    return found

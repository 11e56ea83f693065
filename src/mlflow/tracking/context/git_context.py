"""Which commit the program's file belongs to."""

from __future__ import annotations

from pathlib import Path

from mlflow.tracking.capture.repository import Repository, find_repository
from mlflow.tracking.context.abstract_context import RunContextProvider
from mlflow.tracking.context.default_context import source_name

__all__ = ["GitRunContext"]


class GitRunContext(RunContextProvider):
    """Commit, branch and remote of the repository around the file that the interpreter runs."""

    def in_context(self) -> bool:
        repository = self._repository()
        return repository is not None and repository.commit is not None

    def tags(self) -> dict[str, str]:
        repository = self._repository()
        if repository is None or repository.commit is None:
            return {}
        found = {
            "mlflow.source.git.commit": repository.commit,
            "mlflow.source.git.branch": repository.branch,
            "mlflow.source.git.repoURL": repository.remote_url,
        }
        return {name: value for name, value in found.items() if value}

    def _repository(self) -> Repository | None:
        source = Path(source_name())
        return find_repository(source.parent) if source.exists() else None

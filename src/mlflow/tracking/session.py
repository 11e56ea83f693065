"""The session: what the functions of the fluent API share, one object a process."""

from __future__ import annotations

from mlflow.tracking.session_artifacts import ArtifactCalls
from mlflow.tracking.session_models import ModelCalls
from mlflow.tracking.session_registry import RegistrationCalls
from mlflow.tracking.session_search import SearchCalls

__all__ = ["Session", "session"]


class Session(ArtifactCalls, ModelCalls, SearchCalls, RegistrationCalls):
    """Every function of the fluent API is a method of the one session, so its signature and text stand once."""

    def __reduce__(self) -> str:
        return "session"


session = Session()

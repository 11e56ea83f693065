"""Where the artifacts of runs are: what `mlflow.artifacts` and the client ask of the tracking store."""

from __future__ import annotations

import os
import threading

from mlflow.artifacts.registry import Access, open_store
from mlflow.artifacts.store import ArtifactStore
from mlflow.artifacts.uris import ModelUri
from mlflow.contract.caller import EVERYONE
from mlflow.exceptions import InvalidState
from mlflow.tracking.backend import request_headers, tracking_backend
from mlflow.tracking.model_lookup import model_version_of
from mlflow.tracking.run_models import model_of_run
from mlflow.tracking.uris import get_tracking_uri, normalized, registry_uri_of

__all__ = ["RunRoots", "access_of", "lookup", "model_artifacts", "run_artifacts", "run_root"]

_MOST_ROOTS = 10_000


class RunRoots:
    """The artifact roots of the runs and logged models of one tracking store; they never change.

    Args:
        tracking_uri: the store.
        registry_uri: the model registry; the tracking store when omitted.
    """

    def __init__(self, tracking_uri: str, registry_uri: str | None = None) -> None:
        self.tracking_uri = tracking_uri
        self.registry_uri = registry_uri or tracking_uri
        self.access = Access(tracking_uri, registry_uri or tracking_uri, request_headers)
        self._roots: dict[str, str] = {}

    def run(self, run_id: str, /) -> str:
        """The artifact root of a run.

        Raises:
            ResourceDoesNotExist: there is no such run.
            InvalidState: the run has no artifact root.
        """
        root = self._roots.get(run_id)
        return root if root is not None else self.learn(run_id, self._asked(run_id))

    def learn(self, run_id: str, root: str) -> str:
        """Remember a root that an answer told."""
        if len(self._roots) >= _MOST_ROOTS:
            self._roots.clear()
        self._roots[run_id] = root
        return root

    def model(self, uri: ModelUri, /) -> str:
        """The folder of a model version or a logged model.

        Raises:
            ResourceDoesNotExist: there is none.
        """
        if uri.model_id:
            return self.logged_model(uri.model_id)
        registry = tracking_backend(self.registry_uri).store
        version = model_version_of(registry, uri)
        found = registry.model_versions
        return found.get_model_version_download_uri(EVERYONE, version.name, str(version.version))

    def logged_model(self, model_id: str) -> str:
        """The artifact root of a logged model.

        Raises:
            ResourceDoesNotExist: there is no such model.
        """
        root = self._roots.get(model_id)
        if root is None:
            model = tracking_backend(self.tracking_uri).store.logged_models.get_logged_model(EVERYONE, model_id)
            root = self.learn(model_id, model.artifact_location)
        return root

    def version(self, uri: ModelUri, /) -> str:
        """The number of the version that a URI names; empty for a logged model."""
        if uri.model_id:
            return ""
        return uri.version or str(model_version_of(tracking_backend(self.registry_uri).store, uri).version)

    def model_of_run(self, run_id: str, name: str, /) -> str | None:
        """The folder of the newest logged model of a name that a run made; None when it made none."""
        made = model_of_run(tracking_backend(self.tracking_uri).store, run_id, name)
        return None if made is None else self.learn(made.model_id, made.artifact_location)

    def _asked(self, run_id: str) -> str:
        root = tracking_backend(self.tracking_uri).store.runs.get_run(EVERYONE, run_id).info.artifact_uri
        if not root:
            raise InvalidState(f"Run '{run_id}' has no artifact root; its server stores no files for it.")
        return root


_lock = threading.Lock()
_known: dict[tuple[int, str, str], RunRoots] = {}


def lookup(tracking_uri: str | None = None, registry_uri: str | None = None) -> RunRoots:
    """What is known of a tracking store's runs; one a process and store, so that connections are shared."""
    tracking = normalized(tracking_uri) if tracking_uri else get_tracking_uri()
    registry = registry_uri or registry_uri_of(tracking)
    key = os.getpid(), tracking, registry
    with _lock:
        if key not in _known:
            _known[key] = RunRoots(tracking, registry)
        return _known[key]


def access_of(tracking_uri: str) -> Access:
    """With whom, and as whom, artifacts of a tracking store are exchanged."""
    return lookup(tracking_uri).access


def run_root(tracking_uri: str, run_id: str) -> str:
    """The artifact root of a run."""
    return lookup(tracking_uri).run(run_id)


def run_artifacts(tracking_uri: str, run_id: str) -> ArtifactStore:
    """The artifacts of a run."""
    roots = lookup(tracking_uri)
    return open_store(roots.run(run_id), roots.access)


def model_artifacts(tracking_uri: str, model_id: str) -> ArtifactStore:
    """The artifacts of a logged model."""
    roots = lookup(tracking_uri)
    return open_store(roots.logged_model(model_id), roots.access)

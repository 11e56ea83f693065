"""Servers that follow an alias, a stage or the latest version: when it leads elsewhere, the model is replaced.

The new version is loaded beside the old one and has to answer its own example; requests take whichever is there when
they come, so none is dropped. When anything fails the old version goes on answering, and the failure is told in the
log, in `/metrics` and in `/traffic`.
"""

from __future__ import annotations

import gc
import logging
import os
import random
import threading
import time
from collections.abc import Callable, Iterable

from mlflow.artifacts.uris import ModelUri
from mlflow.exceptions import MlflowException
from mlflow.remote.transport import tried_once
from mlflow.serving.measures import ScoringMeasures
from mlflow.serving.traffic.state import Event, State
from mlflow.serving.variants import Variant, load_version, moving_reference, version_of

__all__ = ["Follower", "Followers"]

_LOG = logging.getLogger(__name__)
_LONGEST_PAUSE = 600.0  # seconds between attempts with a version that failed


class Follower:
    """Follows the reference of one variant.

    Args:
        variant: what is replaced.
        reference: where its URI leads.
        state: where events are kept.
        measures: what is counted.
        pause: seconds until a version that failed is tried again, at first.
        clock: seconds, of any beginning.
    """

    def __init__(
        self,
        variant: Variant,
        reference: ModelUri,
        state: State,
        measures: ScoringMeasures,
        pause: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._variant, self._reference, self._state, self._measures = variant, reference, state, measures
        self._first_pause, self._clock = max(pause, 1.0), clock
        self._failed = ""  # the version that did not do, or "?" while the registry does not answer
        self._pause, self._next_attempt = self._first_pause, 0.0

    def look(self) -> bool:
        """Ask the registry, and replace the model when it names another version; whether it was replaced."""
        try:
            with tried_once():
                version = version_of(self._reference)
        except Exception as exc:  # noqa: BLE001 - whatever keeps a registry from answering: what is loaded goes on
            self._tell_once("?", f"The registry does not say which version '{self._uri}' is: {_words(exc)}")
            return False
        if version == self._variant.loaded.version:
            self._settle()
            return False
        if version == self._failed and self._clock() < self._next_attempt:
            return False
        return self._replace(version)

    @property
    def _uri(self) -> str:
        return self._variant.route.model_uri

    def _replace(self, version: str) -> bool:
        before = self._variant.loaded.version
        try:
            loaded = load_version(self._uri, version)
            loaded.scorer.check()
        except (Exception, SystemExit) as exc:  # noqa: BLE001 - models fail in any way; the old one goes on
            self._pause = self._first_pause if version != self._failed else min(2 * self._pause, _LONGEST_PAUSE)
            self._next_attempt = self._clock() + self._pause
            words = f"Version {version} of '{self._uri}' does not do, so version {before} goes on answering: "
            self._tell_once(version, words + _words(exc))
            return False
        self._variant.replace(loaded)
        self._remember(loaded.version)
        self._measures.loaded(self._variant.name, before, loaded.version)
        self._measures.reloads.labels(self._variant.name, "done").inc()
        self._settle()
        message = f"'{self._uri}' leads to version {version} now; it answers in place of version {before}."
        _LOG.warning("%s", message)
        self._note("reload", message, {"from": before, "to": version})
        del loaded
        gc.collect()  # what the old model held in circles
        return True

    def _settle(self) -> None:
        self._failed, self._variant.problem = "", ""

    def _tell_once(self, failed: str, message: str) -> None:
        """Count each failure, and tell the first of several alike."""
        self._measures.reloads.labels(self._variant.name, "failed").inc()
        if failed == self._failed:
            return
        self._failed, self._variant.problem = failed, message
        _LOG.error("%s", message)
        self._note("reload-failed", message, {"to": failed})

    def _remember(self, version: str) -> None:
        try:
            self._state.remember(self._variant.name, version)
        except Exception:  # noqa: BLE001 - only a process that ends later would miss it
            _LOG.exception("It could not be kept which version answers.")

    def _note(self, kind: str, message: str, evidence: dict[str, str]) -> None:
        try:
            self._state.note(
                Event(kind=kind, variant=self._variant.name, message=message, evidence={**evidence, "pid": os.getpid()})
            )
        except Exception:  # noqa: BLE001 - the list of events is not worth the server
            _LOG.exception("An event could not be kept.")


class Followers:
    """Looks at the registry again and again, in a thread.

    Args:
        variants: those whose URIs may lead elsewhere are followed.
        state: where events are kept.
        measures: what is counted.
        interval: seconds between two looks; 0 to follow nothing.
    """

    def __init__(self, variants: Iterable[Variant], state: State, measures: ScoringMeasures, interval: float) -> None:
        self._interval = interval
        found = ((variant, moving_reference(variant.route.model_uri)) for variant in variants)
        self._followers = [
            Follower(variant, reference, state, measures, interval) for variant, reference in found if reference
        ]
        self._ending = threading.Event()

    def start(self) -> None:
        """Begin to follow, where there is anything to follow."""
        if self._followers and self._interval > 0:
            threading.Thread(target=self._run, name="mlflow-reload", daemon=True).start()

    def close(self) -> None:
        """Follow no longer; a model that is being loaded is left to itself."""
        self._ending.set()

    def _run(self) -> None:
        while not self._ending.wait(self._interval * random.uniform(0.8, 1.2)):  # workers take turns
            for follower in self._followers:
                follower.look()


def _words(error: BaseException) -> str:
    return error.message if isinstance(error, MlflowException) else f"{type(error).__name__}: {error}"

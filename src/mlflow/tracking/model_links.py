"""Which logged models belong to the runs of this process, so that metrics logged to a run are noted for its models too.

A model that a run made at a step gets the run's metrics of that step, those logged before and those logged after; one
that is named with a metric, or is the active model, becomes an input of the run.
"""

from __future__ import annotations

import threading
from collections.abc import Container, Iterable, Iterator

from mlflow.contract.caller import EVERYONE
from mlflow.contract.store import TrackingStore
from mlflow.entities import LoggedModelOutput, LoggedModelParameter, Metric, Run
from mlflow.exceptions import MlflowException
from mlflow.tracking.batches import send_batches

__all__ = ["LINKS", "ModelLinks", "link_run"]

_MOST_PARAMS = 100  # in one request


class ModelLinks:
    """What is known of runs and their models.

    Attributes:
        used: whether anything is; while it is not, log calls need not ask.
    """

    def __init__(self) -> None:
        self.used = False
        self._made: dict[str, dict[int, list[str]]] = {}
        self._named: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def learn(self, run_id: str, outputs: Iterable[LoggedModelOutput]) -> None:
        """Remember models that a run made."""
        with self._lock:
            for output in outputs:
                self.used = True
                models = self._made.setdefault(run_id, {}).setdefault(output.step, [])
                if output.model_id not in models:
                    models.append(output.model_id)
                self._named.add((run_id, output.model_id))

    def made_at(self, run_id: str, step: int) -> list[str]:
        """The models that a run made at a step."""
        return self._made.get(run_id, {}).get(step, [])

    def is_new_input(self, run_id: str, model_id: str) -> bool:
        """Whether a run has not been linked with a model yet; from now on it is."""
        with self._lock:
            if (run_id, model_id) in self._named:
                return False
            self._named.add((run_id, model_id))
            return True

    def use(self) -> None:
        """Have log calls ask from now on."""
        self.used = True


LINKS = ModelLinks()


def link_run(store: TrackingStore, run: Run, model_id: str, step: int, own_params: Container[str] = ()) -> None:
    """Give a model the params of the run that made it, and the run's metrics at a step.

    Args:
        store: has both.
        run: as it is now, with its params and latest metrics.
        model_id: the model.
        step: at which the run made it.
        own_params: params that the model has already; they keep their values.
    """
    params = [LoggedModelParameter(key, value) for key, value in run.data.params.items() if key not in own_params]
    for start in range(0, len(params), _MOST_PARAMS):
        store.logged_models.log_logged_model_params(EVERYONE, model_id, params[start : start + _MOST_PARAMS])
    points = [
        Metric(point.key, point.value, point.timestamp, point.step, model_id)
        for latest in run.data.latest_metrics
        if latest.step >= step
        for point in _points_at(store, run.info.run_id, latest, step)
    ]
    if points:
        send_batches(store, run.info.run_id, points, [], [])


def _points_at(store: TrackingStore, run_id: str, latest: Metric, step: int) -> Iterator[Metric]:
    """The points of a metric at a step."""
    try:
        found = store.metrics.get_metric_history_bulk_interval(EVERYONE, [run_id], latest.key, step, step)
    except MlflowException:  # a store that has no such call
        history = store.metrics.get_metric_history(EVERYONE, run_id, latest.key)
        yield from (point for point in history if point.step == step)
    else:
        yield from (Metric(point.key, point.value, point.timestamp, point.step) for point in found)

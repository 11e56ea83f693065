"""The models that a run made, by the names they were logged under."""

from __future__ import annotations

from mlflow.contract.caller import EVERYONE
from mlflow.contract.names import check_logged_model_name
from mlflow.contract.store import TrackingStore
from mlflow.entities import LoggedModel
from mlflow.exceptions import EndpointNotFound, InvalidParameterValue, NotImplementedByStore

__all__ = ["model_of_run"]


def model_of_run(store: TrackingStore, run_id: str, name: str) -> LoggedModel | None:
    """The newest logged model of a name that a run made; None when there is none, or the store knows none.

    Raises:
        ResourceDoesNotExist: there is no such run.
    """
    try:
        check_logged_model_name(name)
    except InvalidParameterValue:
        return None
    experiment = store.runs.get_run(EVERYONE, run_id).info.experiment_id
    made = f"name = '{name}' AND source_run_id = '{run_id}'"
    try:
        found = store.logged_models.search_logged_models(EVERYONE, [experiment], made, max_results=1)
    except (EndpointNotFound, NotImplementedByStore):
        return None
    return next(iter(found), None)

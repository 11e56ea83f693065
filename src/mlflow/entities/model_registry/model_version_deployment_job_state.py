"""Where the deployment job of a model version stands."""

from __future__ import annotations

from mlflow.entities._record import Record

__all__ = ["ModelVersionDeploymentJobState"]


class ModelVersionDeploymentJobState(Record, frozen=True):
    """What a foreign registry tells of a version's deployment job; registries of this project run none."""

    job_id: str
    run_id: str
    job_state: str
    run_state: str
    current_task_name: str

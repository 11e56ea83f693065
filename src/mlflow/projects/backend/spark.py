"""Spark: a Python script goes to `spark-submit` instead of the interpreter."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import msgspec

from mlflow.exceptions import ExecutionException, InvalidParameterValue
from mlflow.projects import settings
from mlflow.projects.backend.abstract_backend import AbstractBackend
from mlflow.projects.job import perform
from mlflow.projects.prepared import begin_run, job_of, open_project
from mlflow.projects.submitted_run import FinishedRun, LocalSubmittedRun, SubmittedRun
from mlflow.tracking.client import MlflowClient

__all__ = ["NoSparkScript", "SparkBackend", "submit_command"]

_OPTIONS = ("master", "deploy-mode", "name", "py-files", "files", "archives", "jars", "packages", "driver-memory",
            "executor-memory", "executor-cores", "num-executors", "queue")  # fmt: skip


class NoSparkScript(ExecutionException, InvalidParameterValue):
    """An entry point is no Python script, or the configuration has an option that is unknown."""


class SparkBackend(AbstractBackend):
    """Runs scripts by spark-submit, which must be on PATH or in the project's environment.

    Its configuration holds spark-submit's options, such as `master`, and `conf`, a mapping.
    """

    def run(
        self,
        project_uri: str,
        entry_point: str,
        params: Mapping[str, Any],
        version: str | None,
        backend_config: dict[str, Any],
        tracking_uri: str,
        experiment_id: str,
    ) -> SubmittedRun:
        """Submit a script; `SYNCHRONOUS` in the configuration waits for its end."""
        opened = open_project(project_uri, version)
        job = None
        try:
            job = job_of(opened, entry_point, params, backend_config)
            command = submit_command(job.argv, backend_config)
            client = MlflowClient(tracking_uri)
            run_id = begin_run(opened, entry_point, params, backend_config, client, experiment_id)
            place = {"run_id": run_id, "experiment_id": experiment_id, "tracking_uri": tracking_uri}
            job = msgspec.structs.replace(job, argv=command, backend="spark", **place)
            if backend_config.get(settings.SYNCHRONOUS, True):
                return FinishedRun(run_id, perform(job))
            from mlflow.projects.supervisor import supervise

            process, _ = supervise(job, detached=bool(backend_config.get(settings.DETACHED)))
            return LocalSubmittedRun(run_id, process, tracking_uri)
        except BaseException:
            (job or opened).remove()
            raise


def submit_command(argv: list[str], config: Mapping[str, Any]) -> list[str]:
    """`python script.py …` as spark-submit takes it."""
    if len(argv) < 2 or not PurePosixPath(argv[0]).name.startswith("python") or not argv[1].endswith(".py"):
        raise NoSparkScript(f"'{' '.join(argv)}' is no Python script with arguments, which is what spark-submit takes.")
    own = {value for key, value in vars(settings).items() if key.isupper()}
    unknown = sorted(config.keys() - set(_OPTIONS) - {"conf"} - own)
    if unknown:
        raise NoSparkScript(f"Unknown spark option '{unknown[0]}'; expected conf or one of {', '.join(_OPTIONS)}.")
    options = [word for key in _OPTIONS if key in config for word in (f"--{key}", str(config[key]))]
    settings_of_spark = dict(config.get("conf") or {})
    options += [word for key, value in settings_of_spark.items() for word in ("--conf", f"{key}={value}")]
    return ["spark-submit", *options, *argv[1:]]

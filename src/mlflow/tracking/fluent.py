"""The functions of `mlflow`: methods of the session."""

from __future__ import annotations

from mlflow._names import LATER
from mlflow._unavailable import Unavailable
from mlflow.tracking.active_model import ActiveModel
from mlflow.tracking.active_run import ActiveRun
from mlflow.tracking.autologging.universal import autolog
from mlflow.tracking.logs import configure_logging
from mlflow.tracking.session import session

__all__ = [
    "NUM_RUNS_PER_PAGE_PANDAS",
    "SEARCH_MAX_RESULTS_PANDAS",
    "ActiveModel",
    "ActiveRun",
    "active_run",
    "autolog",
    "clear_active_model",
    "create_experiment",
    "create_external_model",
    "delete_experiment",
    "delete_experiment_tag",
    "delete_logged_model_tag",
    "delete_run",
    "delete_tag",
    "end_run",
    "finalize_logged_model",
    "flush_artifact_async_logging",
    "flush_async_logging",
    "get_active_model_id",
    "get_artifact_uri",
    "get_experiment",
    "get_experiment_by_name",
    "get_logged_model",
    "get_parent_run",
    "get_run",
    "initialize_logged_model",
    "last_active_run",
    "last_logged_model",
    "load_table",
    "log_artifact",
    "log_artifacts",
    "log_audio",
    "log_dict",
    "log_figure",
    "log_histogram",
    "log_image",
    "log_input",
    "log_inputs",
    "log_metric",
    "log_metric_history",
    "log_metrics",
    "log_model_params",
    "log_outputs",
    "log_param",
    "log_params",
    "log_stream",
    "log_table",
    "log_text",
    "log_video",
    "register_model",
    "restore_experiment",
    "restore_run",
    "search_experiments",
    "search_logged_models",
    "search_model_versions",
    "search_registered_models",
    "search_runs",
    "set_active_model",
    "set_experiment",
    "set_experiment_tag",
    "set_experiment_tags",
    "set_logged_model_tags",
    "set_model_version_tag",
    "set_tag",
    "set_tags",
    "start_run",
]

SEARCH_MAX_RESULTS_PANDAS = 100000
NUM_RUNS_PER_PAGE_PANDAS = 10000

configure_logging()

active_run = session.active_run
clear_active_model = session.clear_active_model
create_experiment = session.create_experiment
create_external_model = session.create_external_model
delete_experiment = session.delete_experiment
delete_experiment_tag = session.delete_experiment_tag
delete_logged_model_tag = session.delete_logged_model_tag
delete_run = session.delete_run
delete_tag = session.delete_tag
end_run = session.end_run
finalize_logged_model = session.finalize_logged_model
flush_artifact_async_logging = session.flush_artifact_async_logging
flush_async_logging = session.flush_async_logging
get_active_model_id = session.get_active_model_id
get_artifact_uri = session.get_artifact_uri
get_experiment = session.get_experiment
get_experiment_by_name = session.get_experiment_by_name
get_logged_model = session.get_logged_model
get_parent_run = session.get_parent_run
get_run = session.get_run
initialize_logged_model = session.initialize_logged_model
last_active_run = session.last_active_run
last_logged_model = session.last_logged_model
load_table = session.load_table
log_artifact = session.log_artifact
log_artifacts = session.log_artifacts
log_audio = session.log_audio
log_dict = session.log_dict
log_figure = session.log_figure
log_histogram = session.log_histogram
log_image = session.log_image
log_input = session.log_input
log_inputs = session.log_inputs
log_metric = session.log_metric
log_metric_history = session.log_metric_history
log_metrics = session.log_metrics
log_model_params = session.log_model_params
log_outputs = session.log_outputs
log_param = session.log_param
log_params = session.log_params
log_stream = session.log_stream
log_table = session.log_table
log_text = session.log_text
log_video = session.log_video
register_model = session.register_model
restore_experiment = session.restore_experiment
restore_run = session.restore_run
search_experiments = session.search_experiments
search_logged_models = session.search_logged_models
search_model_versions = session.search_model_versions
search_registered_models = session.search_registered_models
search_runs = session.search_runs
set_active_model = session.set_active_model
set_experiment = session.set_experiment
set_experiment_tag = session.set_experiment_tag
set_experiment_tags = session.set_experiment_tags
set_logged_model_tags = session.set_logged_model_tags
set_model_version_tag = session.set_model_version_tag
set_tag = session.set_tag
set_tags = session.set_tags
start_run = session.start_run


def __getattr__(name: str) -> Unavailable:
    if name in LATER:
        return Unavailable(f"mlflow.{name}")
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")

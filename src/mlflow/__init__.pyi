# The typing twin of the table in `_names`.

from mlflow import artifacts as artifacts
from mlflow import catboost as catboost
from mlflow import client as client
from mlflow import config as config
from mlflow import data as data
from mlflow import entities as entities
from mlflow import environment_variables as environment_variables
from mlflow import exceptions as exceptions
from mlflow import h2o as h2o
from mlflow import keras as keras
from mlflow import lightgbm as lightgbm
from mlflow import metrics as metrics
from mlflow import models as models
from mlflow import onnx as onnx
from mlflow import paddle as paddle
from mlflow import pmdarima as pmdarima
from mlflow import projects as projects
from mlflow import prophet as prophet
from mlflow import pyfunc as pyfunc
from mlflow import pyspark as pyspark
from mlflow import pytorch as pytorch
from mlflow import sentence_transformers as sentence_transformers
from mlflow import shap as shap
from mlflow import sklearn as sklearn
from mlflow import spacy as spacy
from mlflow import spark as spark
from mlflow import statsmodels as statsmodels
from mlflow import system_metrics as system_metrics
from mlflow import tensorflow as tensorflow
from mlflow import tracking as tracking
from mlflow import transformers as transformers
from mlflow import types as types
from mlflow import version as version
from mlflow import webhooks as webhooks
from mlflow import xgboost as xgboost
from mlflow.diagnosis import doctor as doctor
from mlflow.evaluation.entry import evaluate as evaluate
from mlflow.evaluation.validation import validate_evaluation_results as validate_evaluation_results
from mlflow.exceptions import MlflowException as MlflowException
from mlflow.projects.launch import run as run
from mlflow.registry_gates import registry_gate as registry_gate
from mlflow.system_metrics import disable_system_metrics_logging as disable_system_metrics_logging
from mlflow.system_metrics import enable_system_metrics_logging as enable_system_metrics_logging
from mlflow.system_metrics import set_system_metrics_node_id as set_system_metrics_node_id
from mlflow.system_metrics import set_system_metrics_samples_before_logging as set_system_metrics_samples_before_logging
from mlflow.system_metrics import set_system_metrics_sampling_interval as set_system_metrics_sampling_interval
from mlflow.tracking.active_model import ActiveModel as ActiveModel
from mlflow.tracking.active_run import ActiveRun as ActiveRun
from mlflow.tracking.client import MlflowClient as MlflowClient
from mlflow.tracking.fluent import active_run as active_run
from mlflow.tracking.fluent import autolog as autolog
from mlflow.tracking.fluent import clear_active_model as clear_active_model
from mlflow.tracking.fluent import create_experiment as create_experiment
from mlflow.tracking.fluent import create_external_model as create_external_model
from mlflow.tracking.fluent import delete_experiment as delete_experiment
from mlflow.tracking.fluent import delete_experiment_tag as delete_experiment_tag
from mlflow.tracking.fluent import delete_logged_model_tag as delete_logged_model_tag
from mlflow.tracking.fluent import delete_run as delete_run
from mlflow.tracking.fluent import delete_tag as delete_tag
from mlflow.tracking.fluent import end_run as end_run
from mlflow.tracking.fluent import finalize_logged_model as finalize_logged_model
from mlflow.tracking.fluent import flush_artifact_async_logging as flush_artifact_async_logging
from mlflow.tracking.fluent import flush_async_logging as flush_async_logging
from mlflow.tracking.fluent import get_active_model_id as get_active_model_id
from mlflow.tracking.fluent import get_artifact_uri as get_artifact_uri
from mlflow.tracking.fluent import get_experiment as get_experiment
from mlflow.tracking.fluent import get_experiment_by_name as get_experiment_by_name
from mlflow.tracking.fluent import get_logged_model as get_logged_model
from mlflow.tracking.fluent import get_parent_run as get_parent_run
from mlflow.tracking.fluent import get_run as get_run
from mlflow.tracking.fluent import initialize_logged_model as initialize_logged_model
from mlflow.tracking.fluent import last_active_run as last_active_run
from mlflow.tracking.fluent import last_logged_model as last_logged_model
from mlflow.tracking.fluent import load_table as load_table
from mlflow.tracking.fluent import log_artifact as log_artifact
from mlflow.tracking.fluent import log_artifacts as log_artifacts
from mlflow.tracking.fluent import log_audio as log_audio
from mlflow.tracking.fluent import log_dict as log_dict
from mlflow.tracking.fluent import log_figure as log_figure
from mlflow.tracking.fluent import log_histogram as log_histogram
from mlflow.tracking.fluent import log_image as log_image
from mlflow.tracking.fluent import log_input as log_input
from mlflow.tracking.fluent import log_inputs as log_inputs
from mlflow.tracking.fluent import log_metric as log_metric
from mlflow.tracking.fluent import log_metric_history as log_metric_history
from mlflow.tracking.fluent import log_metrics as log_metrics
from mlflow.tracking.fluent import log_model_params as log_model_params
from mlflow.tracking.fluent import log_outputs as log_outputs
from mlflow.tracking.fluent import log_param as log_param
from mlflow.tracking.fluent import log_params as log_params
from mlflow.tracking.fluent import log_stream as log_stream
from mlflow.tracking.fluent import log_table as log_table
from mlflow.tracking.fluent import log_text as log_text
from mlflow.tracking.fluent import log_video as log_video
from mlflow.tracking.fluent import register_model as register_model
from mlflow.tracking.fluent import restore_experiment as restore_experiment
from mlflow.tracking.fluent import restore_run as restore_run
from mlflow.tracking.fluent import search_experiments as search_experiments
from mlflow.tracking.fluent import search_logged_models as search_logged_models
from mlflow.tracking.fluent import search_model_versions as search_model_versions
from mlflow.tracking.fluent import search_registered_models as search_registered_models
from mlflow.tracking.fluent import search_runs as search_runs
from mlflow.tracking.fluent import set_active_model as set_active_model
from mlflow.tracking.fluent import set_experiment as set_experiment
from mlflow.tracking.fluent import set_experiment_tag as set_experiment_tag
from mlflow.tracking.fluent import set_experiment_tags as set_experiment_tags
from mlflow.tracking.fluent import set_logged_model_tags as set_logged_model_tags
from mlflow.tracking.fluent import set_model_version_tag as set_model_version_tag
from mlflow.tracking.fluent import set_tag as set_tag
from mlflow.tracking.fluent import set_tags as set_tags
from mlflow.tracking.fluent import start_run as start_run
from mlflow.tracking.media.image import Image as Image
from mlflow.tracking.uris import get_registry_uri as get_registry_uri
from mlflow.tracking.uris import get_tracking_uri as get_tracking_uri
from mlflow.tracking.uris import is_tracking_uri_set as is_tracking_uri_set
from mlflow.tracking.uris import set_registry_uri as set_registry_uri
from mlflow.tracking.uris import set_tracking_uri as set_tracking_uri
from mlflow.version import VERSION as __version__  # noqa: N811 - its public spelling

__all__ = [
    "ActiveModel",
    "ActiveRun",
    "Image",
    "MlflowClient",
    "MlflowException",
    "__version__",
    "active_run",
    "artifacts",
    "clear_active_model",
    "client",
    "config",
    "create_experiment",
    "create_external_model",
    "data",
    "delete_experiment",
    "delete_experiment_tag",
    "delete_logged_model_tag",
    "delete_run",
    "delete_tag",
    "disable_system_metrics_logging",
    "doctor",
    "enable_system_metrics_logging",
    "end_run",
    "entities",
    "environment_variables",
    "evaluate",
    "exceptions",
    "finalize_logged_model",
    "flush_artifact_async_logging",
    "flush_async_logging",
    "get_active_model_id",
    "get_artifact_uri",
    "get_experiment",
    "get_experiment_by_name",
    "get_logged_model",
    "get_parent_run",
    "get_registry_uri",
    "get_run",
    "get_tracking_uri",
    "initialize_logged_model",
    "is_tracking_uri_set",
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
    "metrics",
    "projects",
    "register_model",
    "registry_gate",
    "restore_experiment",
    "restore_run",
    "run",
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
    "set_registry_uri",
    "set_system_metrics_node_id",
    "set_system_metrics_samples_before_logging",
    "set_system_metrics_sampling_interval",
    "set_tag",
    "set_tags",
    "set_tracking_uri",
    "start_run",
    "system_metrics",
    "tracking",
    "types",
    "validate_evaluation_results",
    "version",
    "webhooks",
]

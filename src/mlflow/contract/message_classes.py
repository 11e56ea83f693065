"""The classes of MLflow's protobuf messages, made on use by the package protobuf of the tables below.

Names, types and numbers of the fields are those of MLflow's REST API, so that bytes are read and written alike.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from mlflow.exceptions import MlflowException

__all__ = ["ProtobufMissing", "message_class", "protobuf"]

_MESSAGES = """
Experiment: 1 experiment_id string, 2 name string, 3 artifact_location string, 4 lifecycle_stage string, 5
  last_update_time int64, 6 creation_time int64, 7 tags* ExperimentTag, 8 effective_trace_archival_retention string,
  9 workspace string
ExperimentTag: 1 key string, 2 value string
Metric: 1 key string, 2 value double, 3 timestamp int64, 4 step int64, 5 dataset_name string, 6 dataset_digest
  string, 7 model_id string, 8 run_id string
Param: 1 key string, 2 value string
RunTag: 1 key string, 2 value string
RunInfo: 1 run_uuid string, 2 experiment_id string, 3 run_name string, 6 user_id string, 7 status RunStatus, 8
  start_time int64, 9 end_time int64, 13 artifact_uri string, 14 lifecycle_stage string, 15 run_id string
RunData: 1 metrics* Metric, 2 params* Param, 3 tags* RunTag
Run: 1 info RunInfo, 2 data RunData, 3 inputs RunInputs, 4 outputs RunOutputs
RunInputs: 1 dataset_inputs* DatasetInput, 2 model_inputs* ModelInput
RunOutputs: 1 model_outputs* ModelOutput
Dataset: 1 name string, 2 digest string, 3 source_type string, 4 source string, 5 schema string, 6 profile string
DatasetInput: 1 tags* InputTag, 2 dataset Dataset
InputTag: 1 key string, 2 value string
ModelInput: 1 model_id string
ModelOutput: 1 model_id string, 2 step int64
FileInfo: 1 path string, 2 is_dir bool, 3 file_size int64
DatasetSummary: 1 experiment_id string, 2 name string, 3 digest string, 4 context string
LoggedModel: 1 info LoggedModelInfo, 2 data LoggedModelData
LoggedModelInfo: 1 model_id string, 2 experiment_id string, 3 name string, 4 creation_timestamp_ms int64, 5
  last_updated_timestamp_ms int64, 6 artifact_uri string, 7 status LoggedModelStatus, 8 creator_id int64, 9
  model_type string, 10 source_run_id string, 11 status_message string, 12 tags* LoggedModelTag, 13 registrations*
  LoggedModelRegistrationInfo
LoggedModelData: 1 params* LoggedModelParameter, 2 metrics* Metric
LoggedModelTag: 1 key string, 2 value string
LoggedModelParameter: 1 key string, 2 value string
LoggedModelRegistrationInfo: 1 name string, 2 version string
ModelVersion: 1 name string, 2 version string, 3 creation_timestamp int64, 4 last_updated_timestamp int64, 5 user_id
  string, 6 current_stage string, 7 description string, 8 source string, 9 run_id string, 10 status
  ModelVersionStatus, 11 status_message string, 12 tags* ModelVersionTag, 13 run_link string, 14 aliases* string, 15
  model_id string, 16 model_params* ModelParam, 17 model_metrics* ModelMetric, 19 deployment_job_state
  ModelVersionDeploymentJobState
ModelVersionTag: 1 key string, 2 value string
ModelVersionDeploymentJobState: 1 job_id string, 2 run_id string, 3 job_state DeploymentJobConnection.State, 4
  run_state ModelVersionDeploymentJobState.DeploymentJobRunState, 5 current_task_name string
ModelParam: 1 name string, 2 value string
ModelMetric: 1 key string, 2 value double, 3 timestamp int64, 4 step int64, 5 dataset_name string, 6 dataset_digest
  string, 7 model_id string, 8 run_id string
RegisteredModel: 1 name string, 2 creation_timestamp int64, 3 last_updated_timestamp int64, 4 user_id string, 5
  description string, 6 latest_versions* ModelVersion, 7 tags* RegisteredModelTag, 8 aliases* RegisteredModelAlias,
  9 deployment_job_id string, 10 deployment_job_state DeploymentJobConnection.State
RegisteredModelTag: 1 key string, 2 value string
RegisteredModelAlias: 1 alias string, 2 version string
Webhook: 1 webhook_id string, 2 name string, 3 description string, 4 url string, 5 events* WebhookEvent, 6 status
  WebhookStatus, 7 creation_timestamp int64, 8 last_updated_timestamp int64
WebhookEvent: 1 entity WebhookEntity, 2 action WebhookAction
WebhookTestResult: 1 success bool, 2 response_status int32, 3 response_body string, 4 error_message string
"""
_ENUMS = """
RunStatus: 1 RUNNING, 2 SCHEDULED, 3 FINISHED, 4 FAILED, 5 KILLED
LoggedModelStatus: 0 LOGGED_MODEL_STATUS_UNSPECIFIED, 1 LOGGED_MODEL_PENDING, 2 LOGGED_MODEL_READY, 3
  LOGGED_MODEL_UPLOAD_FAILED
ModelVersionStatus: 1 PENDING_REGISTRATION, 2 FAILED_REGISTRATION, 3 READY
DeploymentJobConnection.State: 0 DEPLOYMENT_JOB_CONNECTION_STATE_UNSPECIFIED, 1 NOT_SET_UP, 2 CONNECTED, 3
  NOT_FOUND, 4 REQUIRED_PARAMETERS_CHANGED
ModelVersionDeploymentJobState.DeploymentJobRunState: 0 DEPLOYMENT_JOB_RUN_STATE_UNSPECIFIED, 1
  NO_VALID_DEPLOYMENT_JOB_FOUND, 2 RUNNING, 3 SUCCEEDED, 4 FAILED, 5 PENDING, 6 APPROVAL
WebhookStatus: 1 ACTIVE, 2 DISABLED
WebhookEntity: 0 ENTITY_UNSPECIFIED, 1 REGISTERED_MODEL, 2 MODEL_VERSION, 3 MODEL_VERSION_TAG, 4
  MODEL_VERSION_ALIAS, 5 PROMPT, 6 PROMPT_VERSION, 7 PROMPT_TAG, 8 PROMPT_VERSION_TAG, 9 PROMPT_ALIAS, 10
  BUDGET_POLICY
WebhookAction: 0 ACTION_UNSPECIFIED, 1 CREATED, 2 UPDATED, 3 DELETED, 4 SET, 5 EXCEEDED
"""


class ProtobufMissing(MlflowException, ImportError):
    """The package that makes messages is not installed."""


def __getattr__(name: str) -> Any:
    found = None if name.startswith("_") else message_class(name)
    if found is None:
        raise AttributeError(f"MLflow's message '{name}' is not made here. There are {', '.join(_fields())}.")
    return found


@cache
def message_class(name: str) -> Any:
    """The class of a message; None where there is none of this name."""
    if name not in _fields():
        return None
    found = _pool().FindMessageTypeByName(f"mlflow.{name}")
    return protobuf("message_factory").GetMessageClass(found)


@cache
def _fields() -> dict[str, list[list[str]]]:
    return _table(_MESSAGES)


def _table(text: str) -> dict[str, list[list[str]]]:
    """Rows of a text by their name, each a list of items in words."""
    rows = (row.partition(": ") for row in text.replace("\n  ", " ").strip().splitlines())
    return {name: [item.split() for item in items.split(", ")] for name, _, items in rows}


def protobuf(module: str) -> Any:
    """A module of the package protobuf."""
    try:
        return import_module(f"google.protobuf.{module}")
    except ImportError as exc:
        raise ProtobufMissing("Messages need the package protobuf. Run: pip install 'mlflow[protobuf]'") from exc


@cache
def _pool() -> Any:
    """Descriptors of the messages, apart from those that a published package may have made in this process."""
    described = protobuf("descriptor_pb2")
    file = described.FileDescriptorProto(name="mlflow/entities.proto", package="mlflow", syntax="proto2")
    messages = {name: file.message_type.add(name=name) for name in _fields()}
    enums = _table(_ENUMS)
    for name, values in enums.items():
        outer, dot, inner = name.rpartition(".")
        if outer not in messages and dot:
            messages[outer] = file.message_type.add(name=outer)
        made = messages[outer].enum_type.add(name=inner) if dot else file.enum_type.add(name=name)
        for number, value in values:
            made.value.add(name=value, number=int(number))
    kinds = described.FieldDescriptorProto
    for name, fields in _fields().items():
        for number, field, type_ in fields:
            made = messages[name].field.add(name=field.rstrip("*"), number=int(number))
            made.label = kinds.LABEL_REPEATED if field.endswith("*") else kinds.LABEL_OPTIONAL
            if type_ in enums or type_ in messages:
                made.type = kinds.TYPE_ENUM if type_ in enums else kinds.TYPE_MESSAGE
                made.type_name = f".mlflow.{type_}"
            else:
                made.type = getattr(kinds, f"TYPE_{type_.upper()}")
    pool = protobuf("descriptor_pool").DescriptorPool()
    pool.Add(file)
    return pool

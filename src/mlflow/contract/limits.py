"""How long names and values may be, and how many fit in a request: the numbers MLflow's clients rely on."""

from __future__ import annotations

__all__ = [
    "MAX_ARTIFACT_LOCATION",
    "MAX_BATCH_ENTITIES",
    "MAX_BATCH_METRICS",
    "MAX_BATCH_PARAMS",
    "MAX_BATCH_TAGS",
    "MAX_BULK_POINTS",
    "MAX_BULK_RUNS",
    "MAX_DATASETS_PER_BATCH",
    "MAX_DATASET_DIGEST",
    "MAX_DATASET_NAME",
    "MAX_DATASET_PROFILE",
    "MAX_DATASET_SCHEMA",
    "MAX_DATASET_SOURCE",
    "MAX_EXPERIMENT_NAME",
    "MAX_EXPERIMENT_TAG_VALUE",
    "MAX_INPUT_TAG_KEY",
    "MAX_INPUT_TAG_VALUE",
    "MAX_KEY",
    "MAX_MODEL_ALIAS",
    "MAX_MODEL_NAME",
    "MAX_MODEL_TAG_VALUE",
    "MAX_PAGE",
    "MAX_PAGE_OF_MODELS",
    "MAX_PAGE_OF_VERSIONS",
    "MAX_PARAM_VALUE",
    "MAX_SAMPLED_POINTS",
    "MAX_SPARKLINES",
    "MAX_TAG_VALUE",
    "MAX_VIEWS",
    "MAX_VIEW_NAME",
    "MAX_VIEW_STATE",
]

MAX_KEY = 250  # characters of a metric, param or tag key
MAX_PARAM_VALUE = 6000
MAX_TAG_VALUE = 8000
MAX_EXPERIMENT_TAG_VALUE = 20000
MAX_EXPERIMENT_NAME = 500
MAX_ARTIFACT_LOCATION = 2048

MAX_BATCH_METRICS = 1000
MAX_BATCH_PARAMS = 100
MAX_BATCH_TAGS = 100
MAX_BATCH_ENTITIES = 1000

MAX_PAGE = 50000  # runs or experiments in one page
MAX_BULK_RUNS = 100  # runs in one bulk history
MAX_BULK_POINTS = 25000  # points of one bulk history
MAX_SPARKLINES = 200  # of one request
MAX_SAMPLED_POINTS = 2500  # points a run in a sampled history

MAX_DATASET_NAME = 500
MAX_DATASET_DIGEST = 36
MAX_DATASET_SOURCE = 65535
MAX_DATASET_SCHEMA = 1048575
MAX_DATASET_PROFILE = 16777215
MAX_INPUT_TAG_KEY = 255
MAX_INPUT_TAG_VALUE = 500
MAX_DATASETS_PER_BATCH = 1000

MAX_MODEL_NAME = 256  # characters of a registered model's name
MAX_MODEL_ALIAS = 255
MAX_MODEL_TAG_VALUE = 100_000  # of a registered model's or a version's tag
MAX_PAGE_OF_MODELS = 1000
MAX_PAGE_OF_VERSIONS = 200_000

MAX_VIEW_NAME = 250  # characters of a saved view's name
MAX_VIEW_STATE = 20_000  # characters of an address; longer ones name hundreds of columns or runs
MAX_VIEWS = 10_000  # of an experiment, short forms of long addresses among them

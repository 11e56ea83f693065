"""Every setting that an environment variable makes, typed, in one table.

    >>> from mlflow.environment_variables import MLFLOW_HTTP_REQUEST_TIMEOUT
    >>> MLFLOW_HTTP_REQUEST_TIMEOUT.get()
    120

Values are read on each call, so a change of `os.environ` counts at once. Booleans are true, false, 1 or 0 in any case;
lists are separated by commas.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, overload

from mlflow.exceptions import InvalidParameterValue

T = TypeVar("T")
V = TypeVar("V")

_MIB = 2**20
_HOME = os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises where there is no home


class InvalidSetting(InvalidParameterValue, ValueError):
    """An environment variable holds text that its type does not allow."""


def _boolean(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text.lower()]


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


_READERS: dict[type, Callable[[str], Any]] = {bool: _boolean, list: _items}
_EXPECTED: dict[type, str] = {bool: "true, false, 1 or 0", int: "an integer", float: "a number"}


class Variable(Generic[T]):
    """One environment variable.

    Args:
        type: `str`, `int`, `float`, `bool` or `list` (of strings).
        default: what `get` answers while the variable is unset.
        doc: one line for the documentation table.
        choices: the only values allowed; empty for any.
        name: the variable's name; those of this module are named by what they are assigned to.
    """

    @overload
    def __init__(
        self: Variable[V | None],
        type: type[V],
        default: None,
        doc: str,
        choices: Sequence[str] = (),
        name: str = "",
    ) -> None: ...

    @overload
    def __init__(
        self: Variable[V],
        type: type[V],
        default: V,
        doc: str,
        choices: Sequence[str] = (),
        name: str = "",
    ) -> None: ...

    def __init__(self, type: Any, default: Any, doc: str, choices: Sequence[str] = (), name: str = "") -> None:
        self.type = type
        self.default: T = default
        self.doc = doc
        self.choices = choices
        self.name = name

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"Variable({self.name!r}, default={self.default!r})"

    @property
    def defined(self) -> bool:
        """Whether the environment holds this variable, be it empty."""
        return self.name in os.environ

    def is_set(self) -> bool:
        """Whether the environment holds this variable, be it empty."""
        return self.defined

    def get_raw(self) -> str | None:
        """The text in the environment; None while unset."""
        return os.environ.get(self.name)

    def get(self) -> T:
        """The value, or the default while unset.

        Raises:
            InvalidSetting: the text does not fit the type; it is a ValueError too.
        """
        raw = self.get_raw()
        return self.default if raw is None else self._read(raw)

    def set(self, value: object) -> None:
        """Put a value into the environment of this process and of those it starts."""
        os.environ[self.name] = ",".join(map(str, value)) if isinstance(value, list) else str(value)

    def unset(self) -> None:
        """Remove the variable from the environment; nothing happens when it is absent."""
        os.environ.pop(self.name, None)

    def _read(self, raw: str) -> T:
        try:
            value: T = _READERS.get(self.type, self.type)(raw)
        except (KeyError, ValueError) as exc:
            raise self._refusal(raw, _EXPECTED[self.type]) from exc
        if self.choices and value not in self.choices:
            raise self._refusal(raw, f"one of {', '.join(self.choices)}")
        return value

    def _refusal(self, raw: str, expected: str) -> InvalidSetting:
        return InvalidSetting(f"Environment variable {self.name} is '{raw}'. Set it to {expected}, or unset it.")


MLFLOW_ACTIVE_MODEL_ID = Variable(str, None, "logged model that traces and metrics attach to by default")
MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES = Variable(
    list, [], "artifact URI schemes with a host that clients may store"
)
MLFLOW_ALLOW_FILE_STORE = Variable(bool, False, "permit the file stores, which otherwise raise")
MLFLOW_ALLOW_HTTP_REDIRECTS = Variable(bool, True, "follow redirects")
MLFLOW_ALLOW_PICKLE_DESERIALIZATION = Variable(bool, True, "allow loading models through pickle or cloudpickle")
MLFLOW_ARTIFACTS_DESTINATION = Variable(str, "./mlartifacts", "--artifacts-destination of the server")
MLFLOW_ARTIFACTS_ONLY = Variable(bool, False, "--artifacts-only of the server")
MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH = Variable(int, 2048, "longest artifact location of an experiment")
MLFLOW_ARTIFACT_UPLOAD_DOWNLOAD_TIMEOUT = Variable(int, None, "seconds for one artifact transfer")
MLFLOW_ASYNC_LOGGING_BUFFERING_SECONDS = Variable(int, None, "seconds the async logger waits to fill a batch")
MLFLOW_ASYNC_LOGGING_THREADPOOL_SIZE = Variable(int, 10, "threads of asynchronous logging")
MLFLOW_AUTH_ADMIN_PASSWORD = Variable(
    str, None, "first admin password, before the ini file; there is no shipped default"
)
MLFLOW_AUTH_ADMIN_USERNAME = Variable(str, None, "first admin user, before the ini file")
MLFLOW_AUTH_CONFIG_PATH = Variable(str, None, "ini file of the basic-auth app")
MLFLOW_AUTOLOGGING_TESTING = Variable(bool, False, "failures of autologging are raised, for tests")
MLFLOW_BACKEND_STORE_URI = Variable(str, None, "--backend-store-uri of the server, of gc and of db")
MLFLOW_BASIC_AUTH_FAIL_CLOSED = Variable(bool, True, "403 on routes without an authorisation rule")
MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE = Variable(str, "auto", "S3 addressing style")
MLFLOW_CAPTURE = Variable(bool, True, "runs record their origin: source, packages and console")
MLFLOW_CAPTURE_CELLS = Variable(bool, True, "runs record the cells that IPython executed, never their outputs")
MLFLOW_CAPTURE_CONSOLE = Variable(bool, True, "runs record stdout and stderr as a bounded log")
MLFLOW_CAPTURE_DATA = Variable(bool, True, "runs record digests of the local files that their data sets come from")
MLFLOW_CAPTURE_GIT_BUNDLE = Variable(bool, True, "runs record a git bundle of the commits that no remote has")
MLFLOW_CAPTURE_GIT_DIFF = Variable(bool, True, "runs record the uncommitted diff")
MLFLOW_CAPTURE_PACKAGES = Variable(bool, True, "runs record the installed packages")
MLFLOW_CAPTURE_SOURCE_CODE = Variable(bool, True, "runs record the script or notebook that made them")
MLFLOW_CAPTURE_UNTRACKED = Variable(
    bool, True, "runs record untracked files that git does not ignore, never .env or keys"
)
MLFLOW_CONDA_CREATE_ENV_CMD = Variable(str, "conda", "command used to create conda environments (e.g. mamba)")
MLFLOW_CONDA_HOME = Variable(str, None, "conda installation folder")
MLFLOW_CONFIGURE_LOGGING = Variable(bool, True, 'configure the "mlflow" logger on import')
MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX = Variable(
    str, None, "regex that a model version source must contain"
)
MLFLOW_DEFAULT_ARTIFACT_ROOT = Variable(str, None, "--default-artifact-root of the server")
MLFLOW_DEFAULT_PREDICTION_DEVICE = Variable(str, None, "device such as cpu used by predict of the torch flavor")
MLFLOW_DEPLOYMENT_FLAVOR_NAME = Variable(str, None, "flavor the container scoring server serves")
MLFLOW_DFS_TMP = Variable(str, "/tmp/mlflow", "temporary DFS folder of the spark flavor")  # noqa: S108 - on a cluster
MLFLOW_DISABLE_ENV_CREATION = Variable(bool, False, "model container starts without creating an environment")
MLFLOW_DISABLE_ENV_MANAGER_CONDA_WARNING = Variable(bool, False, "hide the conda licence warning")
MLFLOW_DISABLE_HUGGINGFACE_ACCELERATE_FEATURES = Variable(bool, False, "switch accelerate placement off (transformers)")
MLFLOW_DISABLE_SCHEMA_DETAILS = Variable(bool, False, "keep errors of schema enforcement short")
MLFLOW_DISABLE_TELEMETRY = Variable(bool, False, "accepted; nothing is ever sent")
MLFLOW_DOCKER_OPENJDK_VERSION = Variable(str, "11", "JDK version put in model images")
MLFLOW_DOWNLOAD_CHUNK_TIMEOUT = Variable(int, 300, "seconds for a chunk download")
MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR = Variable(bool, True, "progress bars on transfer")
MLFLOW_ENABLE_ASYNC_LOGGING = Variable(bool, False, "fluent logging calls become asynchronous")
MLFLOW_ENABLE_MULTIPART_UPLOAD = Variable(bool, True, "parallel chunk upload for large artifacts")
MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD = Variable(bool, False, "presigned parallel download through the proxy")
MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD = Variable(bool, False, "multipart upload through the artifact proxy")
MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING = Variable(bool, False, "log system metrics for every run")
MLFLOW_ENABLE_WORKSPACES = Variable(bool, False, "switch workspaces on in server and client")
MLFLOW_ENFORCE_STDIN_SCORING_SERVER_FOR_SPARK_UDF = Variable(
    bool, True, "spark_udf talks to the scoring process over stdin"
)
MLFLOW_ENV_ROOT = Variable(str, f"{_HOME}/.mlflow/envs", "folder of the virtualenvs MLflow creates")
MLFLOW_EXPERIMENT_ID = Variable(str, None, "default experiment id")
MLFLOW_EXPERIMENT_NAME = Variable(str, None, "default experiment name")
MLFLOW_EXPOSE_PROMETHEUS = Variable(str, None, "--expose-prometheus of the server")
MLFLOW_FLASK_SERVER_SECRET_KEY = Variable(str, None, "secret that signs sessions of the basic-auth app")
MLFLOW_GCS_DOWNLOAD_CHUNK_SIZE = Variable(int, None, "GCS download chunk bytes")
MLFLOW_GCS_UPLOAD_CHUNK_SIZE = Variable(int, None, "GCS upload chunk bytes")
MLFLOW_GUNICORN_OPTS = Variable(str, None, "--gunicorn-opts of the server")
MLFLOW_HEARTBEAT_INTERVAL = Variable(
    float, 30.0, "seconds between signs of life of a run's process, by which a dead one is told; 0 for none"
)
MLFLOW_HOST = Variable(str, "127.0.0.1", "--host of the server")
MLFLOW_HTTP_POOL_CONNECTIONS = Variable(int, 10, "pools kept by the HTTP adapter")
MLFLOW_HTTP_POOL_MAXSIZE = Variable(int, 10, "connections per pool")
MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR = Variable(int, 2, "exponential backoff factor of HTTP retries")
MLFLOW_HTTP_REQUEST_BACKOFF_JITTER = Variable(
    float, 1.0, "random jitter added to the backoff of HTTP retries, in seconds"
)
MLFLOW_HTTP_REQUEST_MAX_RETRIES = Variable(int, 7, "HTTP retries of the client")
MLFLOW_HTTP_REQUEST_TIMEOUT = Variable(int, 120, "seconds before a client HTTP call times out")
MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER = Variable(bool, True, "obey Retry-After")
MLFLOW_HTTP_TCP_KEEPALIVE = Variable(bool, True, "TCP keepalive on client sockets")
MLFLOW_HTTP_TCP_KEEPALIVE_COUNT = Variable(int, 3, "unanswered TCP keepalive probes that end a connection")
MLFLOW_HTTP_TCP_KEEPALIVE_IDLE = Variable(int, 30, "idle seconds before TCP keepalive probes")
MLFLOW_HTTP_TCP_KEEPALIVE_INTERVAL = Variable(int, 10, "seconds between TCP keepalive probes")
MLFLOW_HUGGINGFACE_DEVICE_MAP_STRATEGY = Variable(str, "auto", "device_map of transformers models")
MLFLOW_HUGGINGFACE_MODEL_MAX_SHARD_SIZE = Variable(str, "500MB", "shard size of saved transformers checkpoints")
MLFLOW_HUGGINGFACE_USE_DEVICE_MAP = Variable(bool, False, "pass device_map when loading transformers models")
MLFLOW_HUGGINGFACE_USE_LOW_CPU_MEM_USAGE = Variable(
    bool, True, "pass low_cpu_mem_usage when loading transformers models"
)
MLFLOW_INPUT_EXAMPLE_INFERENCE_TIMEOUT = Variable(int, 180, "seconds the input example may run while a model is logged")
MLFLOW_JOIN_RANKS = Variable(bool, False, "ranks of one launcher's job log to one run")
MLFLOW_JOURNAL_DIR = Variable(str, None, "folder of the journals; else the state folder of the user")
MLFLOW_JOURNAL_FSYNC = Variable(bool, False, "a log call returns only when its record would survive a power loss")
MLFLOW_KERBEROS_TICKET_CACHE = Variable(str, None, "ticket cache for HDFS")
MLFLOW_KERBEROS_USER = Variable(str, None, "user for HDFS")
MLFLOW_LOCK_MODEL_DEPENDENCIES = Variable(bool, False, "pin transitive requirements too")
MLFLOW_LOGGING_LEVEL = Variable(str, None, "log level, read at import")
MLFLOW_LOG_MODEL_COMPRESSION = Variable(str, None, "lzma, bzip2 or gzip for logged python models")
MLFLOW_LOG_UV_FILES = Variable(bool, True, "store uv.lock, pyproject.toml and .python-version with a model")
MLFLOW_MODEL_CACHE_DIR = Variable(str, None, "folder where models that were loaded from afar are kept")
MLFLOW_MODEL_CACHE_MAX_BYTES = Variable(int, 10 * 1024 * _MIB, "bytes of models kept there; 0 keeps none")
MLFLOW_MODEL_ENV_DOWNLOADING_TEMP_DIR = Variable(str, None, "folder for packed model environments in spark_udf")
MLFLOW_MULTIPART_DOWNLOAD_CHUNK_SIZE = Variable(int, 100 * _MIB, "download part bytes")
MLFLOW_MULTIPART_DOWNLOAD_MINIMUM_FILE_SIZE = Variable(int, 500 * _MIB, "bytes from which downloads go multipart")
MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE = Variable(int, 10 * _MIB, "upload part bytes")
MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE = Variable(int, 500 * _MIB, "bytes from which uploads go multipart")
MLFLOW_MYSQL_SSL_CA = Variable(str, None, "MySQL CA file")
MLFLOW_MYSQL_SSL_CERT = Variable(str, None, "MySQL client certificate")
MLFLOW_MYSQL_SSL_KEY = Variable(str, None, "MySQL client key")
MLFLOW_OFFLINE = Variable(
    str, "auto", "log without a server: when it is unreachable, always, or never", choices=("auto", "always", "never")
)
MLFLOW_PICKLE_POLICY = Variable(str, "warn", "what loading a pickled model does", choices=("allow", "warn", "refuse"))
MLFLOW_PORT = Variable(int, 5000, "--port of the server")
MLFLOW_PRESIGNED_DOWNLOAD_URL_TTL_SECONDS = Variable(int, 300, "seconds a presigned download URL lives")
MLFLOW_PRINT_MODEL_URLS_ON_CREATION = Variable(bool, True, "print addresses of new models")
MLFLOW_PYARROW_EXTRA_CONF = Variable(str, None, "extra pyarrow HDFS settings as k=v,k=v")
MLFLOW_RBAC_SEED_DEFAULT_ROLES = Variable(bool, True, "create roles admin and user in each new workspace")
MLFLOW_READ_REPLICA_BACKEND_STORE_URI = Variable(str, None, "database used for read operations of the server")
MLFLOW_RECORD_ENV_VARS_IN_MODEL_LOGGING = Variable(bool, True, "record names of environment variables a model used")
MLFLOW_REGISTRY_DIR = Variable(str, None, "root folder of the file registry")
MLFLOW_REGISTRY_GATES = Variable(
    str, None, "Python file with the checks a version must pass before it takes an alias or a stage"
)
MLFLOW_REGISTRY_STORE_URI = Variable(str, None, "--registry-store-uri of the server")
MLFLOW_REGISTRY_URI = Variable(str, None, "model registry address when different from tracking")
MLFLOW_REPEATED_RUN = Variable(
    str, None, "`mlflow reproduce` sets it, as `n:run`: the run that start_run resumes after n others"
)
MLFLOW_REQUIREMENTS_INFERENCE_RAISE_ERRORS = Variable(
    bool, False, "raise instead of warn when requirement inference fails"
)
MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT = Variable(int, 120, "seconds allowed to infer a model's pip requirements")
MLFLOW_RUN_CONTEXT = Variable(str, None, "JSON object of tags added by a run context provider")
MLFLOW_RUN_ID = Variable(str, None, "run that start_run resumes")
MLFLOW_S3_ENDPOINT_URL = Variable(str, None, "alternative S3 endpoint (e.g. MinIO)")
MLFLOW_S3_EXPECTED_BUCKET_OWNER = Variable(str, None, "account id that must own the bucket")
MLFLOW_S3_IGNORE_TLS = Variable(bool, False, "skip certificate checks for S3")
MLFLOW_S3_UPLOAD_EXTRA_ARGS = Variable(str, None, "JSON object of extra S3 upload arguments")
MLFLOW_SAGEMAKER_DEPLOY_IMG_URL = Variable(str, None, "image URL for SageMaker")
MLFLOW_SCORING_SERVER_MAX_BUFFERED_BYTES = Variable(
    int, 1024 * _MIB, "bodies that a process of a scoring server holds at a time; further ones wait"
)
MLFLOW_SCORING_SERVER_MAX_REQUEST_BYTES = Variable(int, 256 * _MIB, "largest body that a scoring server takes")
MLFLOW_SCORING_SERVER_MODEL_NAME = Variable(
    str, None, "what callers of the open inference protocol call the model of a scoring server; as its URI when unset"
)
MLFLOW_SCORING_SERVER_REQUEST_TIMEOUT = Variable(int, 60, "seconds a scoring request may take")
MLFLOW_SCORING_SERVER_REWARD_REQUESTS = Variable(
    int, 1_000_000, "requests that a scoring server remembers, so that their rewards may come later"
)
MLFLOW_SCORING_SERVER_THREADS = Variable(
    int,
    None,
    "predictions at a time in each process of a scoring server; the cores, shared by its processes, when unset",
)
MLFLOW_SCORING_SERVER_TOKEN = Variable(str, None, "token that a scoring server asks of its callers; none when unset")
MLFLOW_SCORING_SERVER_URL = Variable(str, "http://127.0.0.1:5000", "address of the scoring server for `mlflow ab`")
MLFLOW_SERVER_ALLOWED_HOSTS = Variable(str, None, "comma list of permitted Host headers, * for all")
MLFLOW_SERVER_CORS_ALLOWED_ORIGINS = Variable(str, None, "comma list of permitted origins, * for all")
MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE = Variable(str, "false", '"true" removes the host, CORS and header checks')
MLFLOW_SERVER_ENABLE_GRAPHQL_AUTH = Variable(bool, True, "authorise GraphQL when auth is on")
MLFLOW_SERVER_GRAPHQL_MAX_ALIASES = Variable(int, 10, "aliases per GraphQL query")
MLFLOW_SERVER_GRAPHQL_MAX_ROOT_FIELDS = Variable(int, 10, "root fields per GraphQL query")
MLFLOW_SERVER_X_FRAME_OPTIONS = Variable(str, "SAMEORIGIN", "SAMEORIGIN, DENY or NONE")
MLFLOW_SERVE_ARTIFACTS = Variable(bool, True, "--serve-artifacts of the server")
MLFLOW_SKIP_PIP_REQUIREMENTS_CHECK = Variable(bool, False, "do not dry-run pip on given requirements")
MLFLOW_SQLALCHEMYSTORE_ECHO = Variable(bool, False, "log SQL statements")
MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW = Variable(int, None, "engine max_overflow")
MLFLOW_SQLALCHEMYSTORE_POOLCLASS = Variable(str, None, "engine pool class name")
MLFLOW_SQLALCHEMYSTORE_POOL_RECYCLE = Variable(int, None, "engine pool_recycle")
MLFLOW_SQLALCHEMYSTORE_POOL_SIZE = Variable(int, None, "engine pool_size")
MLFLOW_STATIC_PREFIX = Variable(str, None, "--static-prefix of the server")
MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT = Variable(bool, False, "print no address at the end of a run")
MLFLOW_SYNCHRONOUS = Variable(bool, False, "fluent log calls return only when the store has the data")
MLFLOW_SYSTEM_METRICS_NODE_ID = Variable(str, None, "node id put in system metric keys")
MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING = Variable(int, None, "samples aggregated per logged point")
MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL = Variable(float, None, "seconds between samples")
MLFLOW_TRACKING_AUTH = Variable(str, None, "name of the request auth provider plugin")
MLFLOW_TRACKING_AWS_SIGV4 = Variable(bool, False, "sign tracking requests with AWS SigV4")
MLFLOW_TRACKING_CLIENT_CERT_PATH = Variable(str, None, "client certificate")
MLFLOW_TRACKING_DIR = Variable(str, None, "root folder of the default file store")
MLFLOW_TRACKING_INSECURE_TLS = Variable(bool, False, "true = do not verify TLS")
MLFLOW_TRACKING_PASSWORD = Variable(str, None, "basic auth password of the client")
MLFLOW_TRACKING_SERVER_CERT_PATH = Variable(str, None, "CA bundle for verification")
MLFLOW_TRACKING_TOKEN = Variable(str, None, "bearer token of the client, when no user and password are given")
MLFLOW_TRACKING_URI = Variable(str, None, "where runs are tracked when code sets nothing")
MLFLOW_TRACKING_USERNAME = Variable(str, None, "basic auth user of the client")
MLFLOW_TRAINING_PROFILE = Variable(
    bool, True, "keep a profile of the training data, where they are at hand, in the folder of a model"
)
MLFLOW_TRUNCATE_LONG_VALUES = Variable(bool, True, "true cuts over-long param and tag values, false raises")
MLFLOW_TRUSTED_MODELS = Variable(list, [], "models that may run code when loaded: digests, or beginnings of their URIs")
MLFLOW_UVICORN_OPTS = Variable(str, None, "--uvicorn-opts of the server")
MLFLOW_UV_AUTO_DETECT = Variable(bool, True, "infer requirements from uv project files when present")
MLFLOW_WEBHOOK_ALLOWED_SCHEMES = Variable(list, ["https"], "permitted webhook URL schemes")
MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS = Variable(bool, False, "webhooks may target private addresses")
MLFLOW_WEBHOOK_CACHE_TTL = Variable(int, 60, "seconds the webhook list is cached")
MLFLOW_WEBHOOK_DELIVERY_MAX_WORKERS = Variable(int, 10, "delivery threads")
MLFLOW_WEBHOOK_REQUEST_MAX_RETRIES = Variable(int, 3, "retries per webhook call")
MLFLOW_WEBHOOK_REQUEST_TIMEOUT = Variable(int, 30, "seconds per webhook call")
MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY = Variable(str, None, "Fernet key that encrypts webhook secrets")
MLFLOW_WHEELED_MODEL_PIP_DOWNLOAD_OPTIONS = Variable(
    str, "--only-binary=:all:", "options for pip wheel when a model bundles its wheels"
)
MLFLOW_WORKERS = Variable(str, None, "--workers of the server")
MLFLOW_WORKSPACE = Variable(str, None, "workspace the client works in")
MLFLOW_WORKSPACE_ARTIFACT_ROOT_CACHE_CAPACITY = Variable(int, 128, "entries of the workspace artifact root cache")
MLFLOW_WORKSPACE_ARTIFACT_ROOT_CACHE_TTL_SECONDS = Variable(
    int, 60, "seconds an entry of the workspace artifact root cache lives"
)
MLFLOW_WORKSPACE_STORE_URI = Variable(str, None, "address of the workspace provider, else the tracking URI")


def table() -> list[Variable[Any]]:
    """Every variable of this module, in alphabetical order of its name."""
    found = {name: value for name, value in globals().items() if isinstance(value, Variable)}
    return [found[name] for name in sorted(found)]


def to_markdown() -> str:
    """The documentation table: name, type, default and meaning of each variable."""
    lines = ["| Variable | Type | Default | Meaning |", "| --- | --- | --- | --- |"]
    lines += [f"| `{v.name}` | {_type_text(v)} | {_default_text(v)} | {v.doc} |" for v in table()]
    return "\n".join(lines) + "\n"


def _type_text(variable: Variable[Any]) -> str:
    return ", ".join(variable.choices) or str(variable.type.__name__)


def _default_text(variable: Variable[Any]) -> str:
    default = variable.default
    if default is None or default == []:
        return ""
    text = ",".join(default) if isinstance(default, list) else str(default)
    return f"`{text.lower() if isinstance(default, bool) else text.replace(_HOME, '~')}`"


def _name_variables() -> None:
    for name, value in globals().items():
        if isinstance(value, Variable):
            value.name = name


_name_variables()

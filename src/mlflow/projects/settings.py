"""The keys that `mlflow.projects.run` adds to a backend's configuration."""

from typing import Final

RUN_ID: Final = "_mlflow_local_backend_run_id"
RUN_NAME: Final = "run_name"
ENV_MANAGER: Final = "ENV_MANAGER"
SYNCHRONOUS: Final = "SYNCHRONOUS"
DOCKER_ARGS: Final = "DOCKER_ARGS"
STORAGE_DIR: Final = "STORAGE_DIR"
BUILD_IMAGE: Final = "build_image"
DOCKER_AUTH: Final = "docker_auth"
DETACHED: Final = "_mlflow_detached"
"""The run goes on when this process ends."""

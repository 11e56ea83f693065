"""The Dockerfile of an image: two stages, so that build tools and caches stay out of what runs."""

from __future__ import annotations

import json
from collections.abc import Iterator

from mlflow.environments.wheel import WHEEL
from mlflow.serving.images.recipe import MODEL_FOLDER, Recipe

__all__ = ["PORT", "USER", "dockerfile"]

PORT = 8080
USER = 10001
"""A number, which needs no entry in the base's list of users, and which Kubernetes can tell is not root."""

_ENVIRONMENT = "/opt/env"
_PYTHON = f"{_ENVIRONMENT}/bin/python"
_ALIVE = (
    "import os, urllib.request as r; "
    "r.urlopen('http://127.0.0.1:' + os.environ['MLFLOW_PORT'] + '/ping', timeout=4).close()"
)
_SETTINGS = {
    "PATH": f"{_ENVIRONMENT}/bin:$PATH",
    "PYTHONUNBUFFERED": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MLFLOW_HOST": "0.0.0.0",  # noqa: S104 - inside of a container, whose ports are published by who runs it
    "MLFLOW_PORT": str(PORT),
    "HOME": "/tmp",  # noqa: S108 - a user without an entry has no home
    "USER": "mlflow",
}
_SECRETS = (
    "--mount=type=secret,id=pip.conf,target=/etc/pip.conf --mount=type=secret,id=ca.pem,target=/run/secrets/ca.pem"
)
"""pip's own settings, and certificates; they are there during the build and in no layer."""


def dockerfile(recipe: Recipe) -> str:
    """The text. Commands have the exec form, and no word of theirs is the model's."""
    return "\n".join([*_building(recipe), "", *_running(recipe), ""])


def _building(recipe: Recipe) -> Iterator[str]:
    yield "# Serves an MLflow model over HTTP:"
    yield f"#   docker build -t IMAGE . && docker run -p {PORT}:{PORT} {_mount(recipe)}IMAGE"
    yield f"FROM {recipe.base} AS build"
    yield "WORKDIR /build"
    if recipe.needs_git:
        yield _debian(("git",))
    yield "COPY packages/ packages/"
    yield "COPY conda.yaml ./" if recipe.conda is not None else "COPY requirements.txt constraints.txt ./"
    if recipe.carries:
        yield f"COPY model/ {MODEL_FOLDER}/"
    if recipe.conda is not None:
        yield _run("conda", "env", "create", "--quiet", "--prefix", _ENVIRONMENT, "--file", "conda.yaml")
        yield _run(_PYTHON, "-m", "pip", "install", "--no-cache-dir", f"packages/{WHEEL}")
    else:
        yield _run("python3", "-m", "venv", _ENVIRONMENT)
        files = ("-r", "requirements.txt", "-c", "constraints.txt")
        yield _run(_PYTHON, "-m", "pip", "install", "--no-cache-dir", *files)


def _running(recipe: Recipe) -> Iterator[str]:
    yield f"FROM {recipe.runs_on}"
    if recipe.packages:
        yield _debian(recipe.packages)
    yield f"COPY --from=build {_ENVIRONMENT} {_ENVIRONMENT}"
    if recipe.model is not None:
        yield f"COPY model/ {MODEL_FOLDER}/"
    yield "ENV " + " ".join(f"{name}={value}" for name, value in _SETTINGS.items())
    yield "WORKDIR /tmp"
    yield f"USER {USER}:{USER}"
    yield f"EXPOSE {PORT}"
    start = "900s" if recipe.at_start else "120s"
    yield f"HEALTHCHECK --interval=30s --timeout=5s --start-period={start} CMD {json.dumps(['python', '-c', _ALIVE])}"
    manager = "uv" if recipe.at_start else "local"
    yield "CMD " + json.dumps(["mlflow", "models", "serve", "-m", MODEL_FOLDER, "--env-manager", manager])


def _run(*words: str) -> str:
    return f"RUN {_SECRETS} {json.dumps(words)}"


def _debian(packages: tuple[str, ...]) -> str:
    """Packages of Debian, in one layer without apt's lists; a shell line of constants."""
    install = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    return f"RUN apt-get update && {install} && rm -rf /var/lib/apt/lists/*"


def _mount(recipe: Recipe) -> str:
    return f"-v ./model:{MODEL_FOLDER}:ro " if recipe.model is None else ""

"""Containers: docker, podman or whatever speaks as docker does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from mlflow.environments.built import Activation, content_digest
from mlflow.environments.failures import run_tool
from mlflow.exceptions import ExecutionException
from mlflow.projects.environment_files import DockerEnv
from mlflow.temporary_folders import temporary_folder
from mlflow.tracking.run_tags import MLFLOW_DOCKER_IMAGE_ID, MLFLOW_DOCKER_IMAGE_URI

__all__ = ["CODE_FOLDER", "DockerMissing", "DockerOptions", "build_image", "docker_activation", "find_docker"]

CODE_FOLDER = "/mlflow/projects/code/"
_TOOLS = ("docker", "podman")
_STORE_FOLDER = "/mlflow/store"


class DockerMissing(ExecutionException):
    """There is neither docker nor podman, or it does not answer."""


class DockerOptions(Struct, frozen=True):
    """How containers run.

    Attributes:
        arguments: further options of `docker run`: a value, or None for a flag.
        build: whether to build an image with the project's files in it, instead of mounting them.
        name: of the project, for the image that is built.
    """

    arguments: dict[str, str | None] = {}
    build: bool = False
    name: str = "project"


def find_docker() -> str:
    """The program.

    Raises:
        DockerMissing: none answers.
    """
    for tool in filter(shutil.which, _TOOLS):
        try:
            run_tool([tool, "version"], f"Asking {tool} for its version")
        except ExecutionException as exc:
            reason = f" ({exc.message.splitlines()[-1]})"
        else:
            return tool
    found = [tool for tool in _TOOLS if shutil.which(tool)]
    raise DockerMissing(
        f"The project runs in a container, but {' and '.join(found)} does not answer{reason}. Start its service."
        if found
        else "The project runs in a container, but neither docker nor podman is there. Install one of them."
    )


def docker_activation(
    docker: DockerEnv, options: DockerOptions, folder: Path, variables: Mapping[str, str]
) -> tuple[Activation, dict[str, str]]:
    """How a command runs in a container, and the tags that tell which image it was.

    Args:
        docker: what the project says.
        options: what the caller says.
        folder: the project's, mounted unless an image is built of it.
        variables: for the command, with the run's and the store's.

    Raises:
        DockerMissing: there is neither docker nor podman.
        EnvironmentFailed: the image is not to be had.
    """
    tool = find_docker()
    image = build_image(tool, docker.image, folder, options.name) if options.build else docker.image
    command = [tool, "run", "--rm", "--init"]
    command += ["--volume", f"{folder}:{CODE_FOLDER}", "--workdir", CODE_FOLDER] if not options.build else []
    for volume in docker.volumes:
        command += ["--volume", _absolute(volume, folder)]
    own, mounts = _store(variables)
    for mount in mounts:
        command += ["--volume", mount]
    command += [word for name, value in own.items() for word in ("--env", f"{name}={value}")]
    command += [word for variable in docker.environment for word in ("--env", variable)]
    for name, value in options.arguments.items():
        option = f"--{name}" if len(name) > 1 else f"-{name}"
        command += [option] if value is None else [option, value]
    image_id = (
        run_tool([tool, "image", "inspect", "--format", "{{.Id}}", image], f"Looking up '{image}'").strip()
        if (options.build or _is_here(tool, image))
        else ""
    )
    tags = {MLFLOW_DOCKER_IMAGE_URI: image} | ({MLFLOW_DOCKER_IMAGE_ID: image_id} if image_id else {})
    return Activation("docker", content_digest("docker", docker, image_id), {}, (*command, image)), tags


def build_image(tool: str, base: str, folder: Path, name: str, repository: str | None = None) -> str:
    """Build an image of the project's files upon `base`; returns its name, whose tag is a digest of the commit or time.

    Raises:
        EnvironmentFailed: it cannot be built.
    """
    target = f"{repository or name.lower().replace(' ', '-')}:{_version_of(folder)}"
    with temporary_folder("image") as context:
        shutil.copytree(folder, context / "code", symlinks=True, ignore=shutil.ignore_patterns(".git"))
        file = context / "Dockerfile"
        file.write_text(f"FROM {base}\nCOPY code/ {CODE_FOLDER}\nWORKDIR {CODE_FOLDER}\n", encoding="utf-8")
        run_tool([tool, "build", "-t", target, "-f", str(file), str(context)], f"Building the image '{target}'")
    return target


def _version_of(folder: Path) -> str:
    from mlflow.tracking.capture.repository import find_repository

    repository = find_repository(folder)
    return repository.commit[:7] if repository is not None and repository.commit else "latest"


def _is_here(tool: str, image: str) -> bool:
    try:
        run_tool([tool, "image", "inspect", image], f"Looking up '{image}'")
    except ExecutionException:
        return False
    return True


def _absolute(volume: str, folder: Path) -> str:
    host, colon, rest = volume.partition(":")
    return f"{(folder / host).resolve() if host.startswith('.') else host}{colon}{rest}"


def _store(variables: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The variables for inside of the container, and the mounts that a store on this machine's disk needs."""
    inside = dict(variables)
    parts = urlsplit(variables.get("MLFLOW_TRACKING_URI", ""))
    if parts.scheme != "sqlite" or os.name == "nt":
        return inside, []
    path = Path(unquote(parts.path).removeprefix("/") if parts.path.startswith("//") else unquote(parts.path)[1:])
    path = Path("/") / path
    inside["MLFLOW_TRACKING_URI"] = f"sqlite:///{_STORE_FOLDER}/{path.name}"
    return inside, [f"{path.parent}:{_STORE_FOLDER}", f"{path.parent}:{path.parent}"]

"""What a project or a step says about its environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml
from msgspec import Struct

from mlflow.projects.yaml_nodes import Node

__all__ = ["ENVIRONMENT_KEYS", "DockerEnv", "EnvironmentFiles", "default_environment", "environment_files"]

PYTHON, CONDA, DOCKER = "python_env", "conda_env", "docker_env"
ENVIRONMENT_KEYS = [PYTHON, CONDA, DOCKER]


class DockerEnv(Struct, frozen=True):
    """A container to run in.

    Attributes:
        image: its name.
        volumes: `host:container[:mode]`.
        environment: `NAME=value`, or `NAME` to hand the variable on.
    """

    image: str
    volumes: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()


class EnvironmentFiles(Struct, frozen=True):
    """What describes the environment; at most one is set, and none means an empty Python environment."""

    python_env: Path | None = None
    conda_env: Path | None = None
    docker_env: DockerEnv | None = None


def environment_files(members: Mapping[str, Node], folder: Path) -> EnvironmentFiles:
    """The environment among the members of a mapping, else what lies in the folder.

    Raises:
        InvalidProject: there are two, or a file is missing.
    """
    given = [name for name in ENVIRONMENT_KEYS if name in members]
    if len(given) > 1:
        members[given[1]].fail(f"stands beside {given[0]}; a project has one environment. Leave one out.")
    if not given:
        return default_environment(folder)
    node = members[given[0]]
    if given == ["docker_env"]:
        return EnvironmentFiles(docker_env=_docker(node))
    path = folder / node.text()
    if not path.is_file():
        node.fail(f"names '{node.text()}', but there is no file '{path}'.")
    return EnvironmentFiles(python_env=path) if given == ["python_env"] else EnvironmentFiles(conda_env=path)


def default_environment(folder: Path) -> EnvironmentFiles:
    """What lies in a folder: python_env.yaml, else conda.yaml, else nothing."""
    if (folder / "python_env.yaml").is_file():
        return EnvironmentFiles(python_env=folder / "python_env.yaml")
    if (folder / "conda.yaml").is_file():
        return EnvironmentFiles(conda_env=folder / "conda.yaml")
    return EnvironmentFiles()


def _docker(node: Node) -> DockerEnv:
    members = node.members(("image", "volumes", "environment"))
    if "image" not in members:
        node.fail("has no image; expected docker_env: {image: NAME}.")
    volumes = members["volumes"].elements() if "volumes" in members else ()
    variables = members["environment"].elements() if "environment" in members else ()
    return DockerEnv(
        members["image"].text(), tuple(volume.text() for volume in volumes), tuple(map(_variable, variables))
    )


def _variable(node: Node) -> str:
    if isinstance(node.node, yaml.ScalarNode):
        return node.text()
    parts = [part.text() for part in node.elements()]
    if len(parts) != 2:
        node.fail("has not two parts; expected [NAME, value], or NAME alone to hand the variable on.")
    return "=".join(parts)

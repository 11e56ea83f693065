"""Building images by docker, podman or buildah, whichever is there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from mlflow.environments.failures import EnvironmentFailed
from mlflow.environments.pip_settings import pip_conf
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.places import model_folder
from mlflow.serving.images.context import write_context
from mlflow.serving.images.recipe import check_image, recipe_of
from mlflow.temporary_folders import temporary_folder

__all__ = ["build_docker", "build_image", "find_builder", "write_dockerfile"]

_STDERR = 2
_BUILDERS = ("docker", "podman", "buildah")


def build_docker(
    model_uri: str | None = None,
    name: str = "mlflow-pyfunc",
    env_manager: str = "virtualenv",
    mlflow_home: str | None = None,
    install_java: bool | None = False,
    install_mlflow: bool = False,
    base_image: str | None = None,
) -> None:
    """Build an image that serves a model at port 8080; docker, podman or buildah builds it, whichever answers.

    Args:
        model_uri: the model; None for an image that serves what is mounted at /opt/ml/model.
        name: of the image.
        env_manager: virtualenv, uv or local for a virtual environment with the model's requirements; conda for conda's.
        mlflow_home: refused; the image has the mlflow that runs here.
        install_java: whether Java is there; None for the models that need it.
        install_mlflow: without meaning; mlflow is always there.
        base_image: in place of `python:X.Y-slim`.

    Raises:
        InvalidParameterValue: no image can be made of the model, or the name is none.
        EnvironmentFailed: nothing that builds images is there, or it failed.
    """
    check_image(name)
    with temporary_folder("image") as folder:
        write_dockerfile(folder, model_uri, env_manager, mlflow_home, install_java=install_java, base_image=base_image)
        build_image(folder, name)


def write_dockerfile(
    folder: Path,
    model_uri: str | None,
    env_manager: str,
    mlflow_home: str | None = None,
    *,
    install_java: bool | None = None,
    base_image: str | None = None,
) -> None:
    """Fill a folder with what an image is built from; as `build_docker`.

    Raises:
        InvalidParameterValue: no image can be made of the model.
    """
    if mlflow_home is not None:
        raise InvalidParameterValue(
            f"Images cannot have the mlflow at '{mlflow_home}': they have the one that runs the command. Run the "
            "command by the mlflow that the image is to have."
        )
    model = model_folder(model_uri) if model_uri is not None else None
    recipe = recipe_of(model, model_uri, env_manager, install_java=install_java, base_image=base_image)
    write_context(folder, recipe)


def build_image(context: Path, name: str, arguments: Sequence[str] = ()) -> None:
    """Build what a folder describes; the builder's own words go to stderr.

    Args:
        context: written by `write_dockerfile`.
        name: of the image.
        arguments: further ones of `docker build`.

    Raises:
        EnvironmentFailed: nothing that builds images is there, or it failed.
    """
    tool = find_builder()
    command = [tool, "build", "--tag", name]
    if Path(tool).name != "docker":  # the form that has health checks, which is docker's only one
        command += ["--format", "docker"]
    with temporary_folder("secrets") as folder:
        for secret, content in pip_conf().items():
            path = folder / secret
            path.write_bytes(content)
            command += ["--secret", f"id={secret},src={path}"]
        sys.stdout.flush()
        sys.stderr.flush()
        done = subprocess.run(  # noqa: S603 - an argument list; no shell
            [*command, *arguments, str(context)], stdin=subprocess.DEVNULL, stdout=_STDERR, check=False
        )
    if done.returncode:
        raise EnvironmentFailed(f"Building the image '{name}' failed: {tool} ended with exit code {done.returncode}.")


def find_builder() -> str:
    """The program.

    Raises:
        EnvironmentFailed: none is there, or none answers.
    """
    found = [path for tool in _BUILDERS if (path := shutil.which(tool))]
    for path in found:
        asked = [path, "version"]  # docker's fails without its daemon
        if not subprocess.run(asked, capture_output=True, stdin=subprocess.DEVNULL, check=False).returncode:  # noqa: S603
            return path
    if found:
        raise EnvironmentFailed(f"{', '.join(Path(path).name for path in found)} does not answer. Start its service.")
    raise EnvironmentFailed(
        "Neither docker, podman nor buildah is there. Install one of them; or write the files by `mlflow models "
        "generate-dockerfile`, and build where there is one."
    )

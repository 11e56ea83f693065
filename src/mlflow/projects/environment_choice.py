"""Which environment a command runs in: what the project says, unless --env-manager says otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct

from mlflow.environments.built import ENV_MANAGERS, Activation
from mlflow.environments.conda_environment import conda_environment
from mlflow.environments.python_environment import local_activation, python_environment
from mlflow.environments.specification import PythonSpecification, read_conda_env, read_python_env
from mlflow.exceptions import ExecutionException, InvalidParameterValue
from mlflow.projects.environment_files import DockerEnv, EnvironmentFiles

__all__ = ["ENV_MANAGERS", "EnvironmentChoice", "InvalidEnvManager", "choose"]


class InvalidEnvManager(ExecutionException, InvalidParameterValue):
    """The environment manager is unknown, or does not go with the project."""


class EnvironmentChoice(Struct, frozen=True):
    """An environment that was chosen and not made yet.

    Attributes:
        kind: how it is made.
        python_env: the file, for virtualenv and uv.
        conda_env: likewise for conda; or for virtualenv and uv, where it must do without conda.
        docker: the container.
    """

    kind: Literal["local", "virtualenv", "uv", "conda", "docker"]
    python_env: Path | None = None
    conda_env: Path | None = None
    docker: DockerEnv | None = None

    def activate(self) -> Activation:
        """Have it made; a container is `docker.py`'s.

        Raises:
            ExecutionException: a file is wrong, or what it asks for is not to be had.
        """
        if self.kind == "local":
            return local_activation()
        if self.conda_env is not None:
            conda = read_conda_env(self.conda_env)
            if self.kind == "conda":
                return conda_environment(conda)
            if conda.python is None:
                raise InvalidEnvManager(
                    f"'{self.conda_env}' asks for {', '.join(conda.needs_conda)}, which only conda has. Choose "
                    "--env-manager conda."
                )
            return python_environment(conda.python, self.kind)
        specification = read_python_env(self.python_env) if self.python_env else PythonSpecification()
        return python_environment(specification, self.kind)


def choose(files: EnvironmentFiles, env_manager: str | None) -> EnvironmentChoice:
    """The environment of a project or step.

    Args:
        files: what it says.
        env_manager: local, virtualenv, uv or conda; None leaves it to the project, whose conda.yaml means conda.

    Raises:
        InvalidEnvManager: there is no such manager, or the project cannot do with it.
    """
    if env_manager is not None and env_manager not in ENV_MANAGERS:
        raise InvalidEnvManager(
            f"There is no environment manager '{env_manager}'. Choose one of {', '.join(ENV_MANAGERS)}."
        )
    if files.docker_env is not None:
        if env_manager not in {None, "local"}:
            raise InvalidEnvManager(f"The project runs in a container, so --env-manager {env_manager} does not apply.")
        if env_manager is None:
            return EnvironmentChoice("docker", docker=files.docker_env)
    if env_manager == "local":
        return EnvironmentChoice("local")
    if files.conda_env is not None:
        kind = env_manager or "conda"
        return EnvironmentChoice(kind, conda_env=files.conda_env)  # type: ignore[arg-type]  # checked above
    if env_manager == "conda":
        raise InvalidEnvManager("The project has no conda.yaml for --env-manager conda. Write one, or choose uv.")
    return EnvironmentChoice(env_manager or "virtualenv", python_env=files.python_env)  # type: ignore[arg-type]  # likewise

"""What decides whether a step must run anew: its code, environment, parameters and inputs."""

from __future__ import annotations

from pathlib import Path

from mlflow.environments.built import content_digest
from mlflow.environments.specification import read_conda_env, read_python_env
from mlflow.projects.content import code_digest
from mlflow.projects.environment_choice import EnvironmentChoice
from mlflow.projects.project_file import Project
from mlflow.projects.steps import Step
from mlflow.tracking.capture.content import path_digest

__all__ = ["step_key"]


def step_key(
    project: Project, step: Step, values: dict[str, str], environment: EnvironmentChoice, inputs: dict[str, str]
) -> str:
    """A digest that is the same for two runs of a step when the second would do what the first did.

    Args:
        project: with the step.
        step: the step.
        values: of the parameters.
        environment: that was chosen for it.
        inputs: digests of the files that it reads.
    """
    point = project.entry_point(step.entry_point)
    data = [name for other in project.steps.values() for name in (*other.inputs, *other.outputs)]
    command = "".join(piece.text for piece in point.command.pieces)
    contents = {
        name: path_digest(Path(value))
        for name, value in values.items()
        if name in point.parameters and point.parameters[name].type == "path"
    }
    return content_digest(
        command,
        {name: value for name, value in values.items() if contents.get(name) is None},
        contents,
        _environment(environment),
        code_digest(project.folder, step.code, data),
        inputs,
        step.outputs,
    )


def _environment(choice: EnvironmentChoice) -> object:
    if choice.kind == "local":
        from mlflow.tracking.capture.packages import package_lock

        return ["local", package_lock()]
    if choice.conda_env is not None:
        return [choice.kind, read_conda_env(choice.conda_env)]
    return [choice.kind, read_python_env(choice.python_env) if choice.python_env else None, choice.docker]

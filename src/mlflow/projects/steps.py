"""Steps of a workflow: entry points that wait for each other."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePosixPath

from msgspec import Struct

from mlflow.projects.entry_point import EntryPoint
from mlflow.projects.environment_files import ENVIRONMENT_KEYS, EnvironmentFiles, environment_files
from mlflow.projects.yaml_nodes import Node

__all__ = ["Step", "steps_of"]

_KEYS = ("entry_point", "depends_on", "parameters", "inputs", "outputs", "code", "cache", *ENVIRONMENT_KEYS)


class Step(Struct, frozen=True):
    """A step of a workflow.

    Attributes:
        name: unique in the workflow.
        entry_point: of the project; the step's name unless said.
        depends_on: steps that must have succeeded before.
        parameters: of the entry point.
        inputs: files or folders, relative to the project, that the step reads beside what its dependencies make.
        outputs: files or folders that it makes; they are kept among its run's artifacts.
        code: what of the project decides whether it must run anew; all of it when empty.
        cache: whether an earlier run may answer it.
        environment: its own; None for the project's.
    """

    name: str
    entry_point: str
    depends_on: tuple[str, ...] = ()
    parameters: dict[str, str] = {}
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    cache: bool = True
    environment: EnvironmentFiles | None = None


def steps_of(node: Node | None, entry_points: Mapping[str, EntryPoint], folder: Path) -> dict[str, Step]:
    """Read `steps`, in an order in which each follows what it depends on.

    Raises:
        InvalidProject: a step names a step, entry point or parameter that is not there, or waits for itself.
    """
    if node is None:
        return {}
    members = node.members(prefix="step")
    found = {name: _step(name, member, folder) for name, member in members.items()}
    for name, step in found.items():
        _check(step, members[name], found, entry_points)
    try:
        order = tuple(TopologicalSorter({name: step.depends_on for name, step in found.items()}).static_order())
    except CycleError as exc:
        node.fail(f"wait for each other: {' → '.join(reversed(exc.args[1]))}. Leave one depends_on out.")
    return {name: found[name] for name in order}


def _step(name: str, node: Node, folder: Path) -> Step:
    if not node.is_mapping() and node.scalar() is None:
        return Step(name, name)
    members = node.members(_KEYS)
    parameters = members["parameters"].members(prefix=f"{node.what}: parameter") if "parameters" in members else {}
    own = any(key in members for key in ENVIRONMENT_KEYS)
    cache = members["cache"].scalar() if "cache" in members else True
    if not isinstance(cache, bool):
        members["cache"].fail(f"is '{cache}'; expected true or false.")
    return Step(
        name,
        members["entry_point"].text() if "entry_point" in members else name,
        _texts(members.get("depends_on")),
        {key: value.text() for key, value in parameters.items()},
        _paths(members.get("inputs")),
        _paths(members.get("outputs")),
        _paths(members.get("code")),
        cache,
        environment_files(members, folder) if own else None,
    )


def _check(step: Step, node: Node, steps: Mapping[str, Step], entry_points: Mapping[str, EntryPoint]) -> None:
    unknown = next((name for name in step.depends_on if name not in steps), None)
    if unknown is not None:
        node.fail(f"depends on '{unknown}', but the steps are {', '.join(steps)}.")
    entry_point = entry_points.get(step.entry_point)
    if entry_point is None and not step.entry_point.endswith((".py", ".sh", ".R")):
        node.fail(
            f"runs entry point '{step.entry_point}', but the entry points are {', '.join(entry_points) or 'none'}."
        )
    stranger = next((name for name in step.parameters if entry_point and name not in entry_point.parameters), None)
    if stranger is not None and entry_point is not None:
        node.fail(
            f"gives parameter '{stranger}', but entry point '{step.entry_point}' has "
            f"{', '.join(entry_point.parameters) or 'none'}."
        )


def _texts(node: Node | None) -> tuple[str, ...]:
    return () if node is None else tuple(element.text() for element in node.elements())


def _paths(node: Node | None) -> tuple[str, ...]:
    if node is None:
        return ()
    paths = []
    for element in node.elements():
        path = PurePosixPath(element.text())
        if path.is_absolute() or ".." in path.parts or not path.parts:
            element.fail(f"is '{element.text()}'; expected a path inside of the project's folder.")
        paths.append(str(path))
    return tuple(paths)

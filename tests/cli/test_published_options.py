"""Commands take what the published ones take: scripts written for MLflow go on."""

import json
from pathlib import Path
from typing import Any

import click
import pytest

from mlflow.cli import cli

PUBLISHED: dict[str, list[dict[str, Any]]] = json.loads((Path(__file__).parent / "published_options.json").read_text())

LATER = {
    "db delete-trace-rollups": "there are no traces in this release",
    "db migrate-to-default-workspace": "there are no workspaces in this release",
    "db move-resources": "there are no workspaces in this release",
    "db prepopulate-trace-analytics": "there are no traces in this release",
    "experiments update": "it sets nothing but the archival of traces, of which there are none in this release",
    "runs link-traces": "there are no traces in this release",
}
LEFT_OUT = {
    ("experiments create", "--trace-archival-retention"): "there are no traces in this release",
}
OPTIONS = [
    pytest.param(command, option, id=f"{command} {option['names'][-1]}")
    for command, options in PUBLISHED.items()
    for option in options
    if command not in LATER and (command, option["names"][0]) not in LEFT_OUT
]


def find(path: str) -> click.Command | None:
    found: click.Command = cli
    for name in path.split():
        assert isinstance(found, click.Group)
        child = found.get_command(click.Context(found), name)
        if child is None:
            return None
        found = child
    return found


@pytest.mark.parametrize(("command", "published"), OPTIONS)
def test_an_option_is_there_as_published(command: str, published: dict[str, Any]) -> None:
    found = find(command)
    assert found is not None, f"no command {command}"
    names = set(published["names"])
    own = next((param for param in found.params if names & {*param.opts, *param.secondary_opts}), None)
    assert own is not None, f"{command} has no {published['names']}"
    assert names <= {*own.opts, *own.secondary_opts}
    assert own.required <= published["required"]  # `models serve` takes routes in place of a model
    assert getattr(own, "is_flag", False) == published["flag"]
    assert getattr(own, "multiple", False) == published["multiple"]
    if published["variable"]:
        assert own.envvar == published["variable"]
    if published["choices"]:
        assert isinstance(own.type, click.Choice)
        assert {choice.lower() for choice in published["choices"]} <= {choice.lower() for choice in own.type.choices}


@pytest.mark.parametrize("command", LATER)
def test_a_command_that_comes_later_is_really_not_there(command: str) -> None:
    assert find(command) is None


@pytest.mark.parametrize(("command", "option"), LEFT_OUT)
def test_an_option_that_comes_later_is_really_not_there(command: str, option: str) -> None:
    found = find(command)
    assert found is not None
    assert option not in {name for param in found.params for name in param.opts}

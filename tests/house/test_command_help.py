"""Every command of the command line explains itself and shows an example."""

import click
import pytest
from click.testing import CliRunner

from mlflow.cli import cli


def leaves(command: click.Command, context: click.Context, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        return [path]
    found = [path]
    for name in command.list_commands(context):
        child = command.get_command(context, name)
        assert child is not None, f"{path} lists {name!r} but does not have it"
        if not child.hidden:
            found += leaves(child, click.Context(child, info_name=name, parent=context), (*path, name))
    return found


COMMANDS = leaves(cli, click.Context(cli, info_name="mlflow"), ())


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(("mlflow", *path)))
def test_help_says_what_the_command_does(path: tuple[str, ...]) -> None:
    answer = CliRunner().invoke(cli, [*path, "--help"])
    assert answer.exit_code == 0, answer.output
    usage, _, rest = answer.output.partition("\n")
    assert usage.startswith("Usage:")
    assert len(rest.strip()) > 20

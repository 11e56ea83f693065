"""Help shows an example for every command, and comes quickly."""

import os
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from mlflow.cli import cli


def leaves(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        here = (*path, name)
        found += leaves(command, here) if isinstance(command, click.Group) else [(here, command)]
    return found


COMMANDS = [pytest.param(path, command, id=" ".join(path)) for path, command in leaves(cli)]


@pytest.mark.parametrize(("path", "command"), COMMANDS)
def test_help_has_an_example_that_the_command_takes(path: tuple[str, ...], command: click.Command) -> None:
    text = command.help or ""
    assert "Example" in text
    assert f"mlflow {' '.join(path)}" in text


@pytest.mark.parametrize(("path", "command"), COMMANDS)
def test_help_shows_examples_on_lines_of_their_own(path: tuple[str, ...], command: click.Command) -> None:
    shown = command.get_help(click.Context(command, info_name=path[-1]))
    assert "\\b" not in shown  # a raw docstring spells the control character that tells click not to wrap
    examples = [line for line in (command.help or "").splitlines() if line.strip().startswith(f"mlflow {path[0]}")]
    assert all(example.strip() in map(str.strip, shown.splitlines()) for example in examples)


@pytest.mark.parametrize(("path", "command"), COMMANDS)
def test_every_shown_option_says_what_it_does(path: tuple[str, ...], command: click.Command) -> None:
    silent = [p.name for p in command.params if isinstance(p, click.Option) and not p.hidden and not p.help]
    assert silent == [] or silent == ["output"], f"{' '.join(path)}: {silent}"


@pytest.mark.parametrize(("path", "command"), COMMANDS)
def test_variables_that_stand_for_options_are_named(path: tuple[str, ...], command: click.Command) -> None:
    shown = command.get_help(click.Context(command, info_name=path[-1], max_content_width=200, terminal_width=200))
    options = [p for p in command.params if isinstance(p, click.Option) and p.envvar and not p.hidden]
    assert [option.envvar for option in options if str(option.envvar) not in shown] == []


@pytest.mark.parametrize("command", [["server"], ["models", "serve", "-m", "model"]], ids=" ".join)
@pytest.mark.parametrize("port", ["-1", "70000"])
def test_a_port_that_there_is_not_is_refused(command: list[str], port: str) -> None:
    done = CliRunner().invoke(cli, [*command, "--port", port])  # the system would take 70000 for 4464
    assert (done.exit_code, "0<=x<=65535" in done.output) == (2, True)


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom mlflow.cli import cli\n"
        "try:\n    cli(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'sqlalchemy', 'numpy', 'pandas', 'starlette', 'urllib3', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        pytest.param("mlflow runs co", "compare", id="a command"),
        pytest.param("mlflow migrate --art", "--artifacts", id="an option"),
        pytest.param("mlflow migrate --artifacts c", "copy", id="a choice"),
    ],
)
def test_the_shell_completes(typed: str, offered: str) -> None:
    asked = {"_MLFLOW_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    command = [sys.executable, "-m", "mlflow.cli"]
    done = subprocess.run(command, env={**os.environ, **asked}, capture_output=True, text=True, check=True)
    assert [line.split(",")[-1] for line in done.stdout.splitlines()] == [offered]

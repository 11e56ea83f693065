"""A command group that imports a command only when it is used; help needs the table alone."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

import click

__all__ = ["Lazy", "LazyGroup"]


class Lazy(NamedTuple):
    """Where a command lives, and its line in the group's help; hidden ones have none."""

    target: str
    help: str = ""


class LazyGroup(click.Group):
    """A group whose commands are `module:attribute` texts until they are asked for; it may have ordinary ones too."""

    def __init__(self, *args: object, commands_by_name: dict[str, Lazy], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # click's own arguments, passed through
        self._lazy = commands_by_name

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, sorted, hidden ones left out."""
        return sorted([*super().list_commands(ctx), *(name for name, lazy in self._lazy.items() if lazy.help)])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        lazy = self._lazy.get(cmd_name)
        if lazy is None:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = lazy.target.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        _show_variables(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One line a command, from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._line(name)) for name in self.list_commands(ctx)])

    def _line(self, name: str) -> str:
        return self._lazy[name].help if name in self._lazy else self.commands[name].get_short_help_str(100)


def _show_variables(command: click.Command) -> None:
    """Have help name the environment variables that stand for options."""
    for option in command.params:
        if isinstance(option, click.Option):
            option.show_envvar = True
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        _show_variables(below)

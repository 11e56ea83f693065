"""The top of the command tree."""

from __future__ import annotations

import click

from mlflow.cli.failures import as_failure
from mlflow.cli.lazy import Lazy, LazyGroup
from mlflow.version import VERSION

__all__ = ["cli", "main"]

_COMMANDS = {
    "ab": Lazy("mlflow.cli.ab:ab", "Look at an A/B test on a scoring server's traffic, and drive it."),
    "artifacts": Lazy("mlflow.cli.artifacts:artifacts", "List, upload and download the files of runs."),
    "db": Lazy("mlflow.cli.db:db", "Look after a tracking database."),
    "doctor": Lazy("mlflow.cli.doctor:doctor", "Show versions and settings, and check what can be checked."),
    "experiments": Lazy("mlflow.cli.experiments:experiments", "Manage experiments."),
    "gc": Lazy("mlflow.cli.gc:gc", "Delete for good what is in the trash."),
    "migrate": Lazy("mlflow.cli.migrate:migrate", "Read an mlruns folder or an MLflow database into this one."),
    "migrate-filestore": Lazy("mlflow.cli.migrate:migrate_filestore"),
    "models": Lazy("mlflow.cli.models:models", "Look after stored models, and have them answer."),
    "reproduce": Lazy("mlflow.cli.reproduce:reproduce", "Repeat a run, and say how well that went."),
    "run": Lazy("mlflow.cli.run:run", "Run an entry point of a project."),
    "runs": Lazy("mlflow.cli.runs:runs", "Manage, compare, export and import runs."),
    "server": Lazy("mlflow.cli.server:server", "Run the tracking server."),
    "sync": Lazy("mlflow.cli.sync:sync", "Ship what earlier processes logged but could not send."),
    "ui": Lazy("mlflow.cli.server:server"),
    "why": Lazy("mlflow.cli.why:why", "Tell why two runs may differ."),
}


class _Root(LazyGroup):
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # the edge: whatever fails is told in one line
            raise as_failure(error) from error


@click.group(cls=_Root, commands_by_name=_COMMANDS, context_settings={"help_option_names": ["--help"]})
@click.version_option(VERSION, prog_name="mlflow", message="%(prog)s, version %(version)s")
@click.option(
    "--env-file",
    type=click.Path(exists=True, dir_okay=False),
    help="Read environment variables from this file first; those already set win.",
)
def cli(env_file: str | None) -> None:
    """Track experiments, serve what was tracked, and look after it.

    Where to: the option or variable of each command, else MLFLOW_TRACKING_URI, else mlflow.db in this folder.
    """
    if env_file:
        from dotenv import load_dotenv

        load_dotenv(env_file)
        click.echo(f"Read environment variables from {env_file}.", err=True)


def main() -> None:
    """Run the command; a failure is one line on stderr and exit code 1, a wrong option 2."""
    cli(prog_name="mlflow")

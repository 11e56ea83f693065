"""`mlflow ab`: experiments on the traffic of a scoring server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from mlflow.cli.intervals import interval_chart
from mlflow.cli.options import as_json
from mlflow.cli.output import columns, print_json, time_text

__all__ = ["ab"]

F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def ab() -> None:
    """Look at an A/B test on a scoring server's traffic, and drive it.

    The server runs it when `mlflow models serve` has several --route, and --reward-metric or --guardrail.
    MLFLOW_SCORING_SERVER_TOKEN holds the token of a server that asks for one.
    """


def _of_server(command: F) -> F:
    """--url: which server."""
    return click.option(
        "--url",
        "-u",
        envvar="MLFLOW_SCORING_SERVER_URL",
        default="http://127.0.0.1:5000",
        show_default=True,
        help="The scoring server's address.",
    )(command)


def _with_reason(command: F) -> F:
    """--reason: why, for the record."""
    return click.option("--reason", "-r", default="", help="Why, for the records of the server and the registry.")(
        command
    )


@ab.command()
@_of_server
@as_json
def status(url: str, as_json: bool) -> None:
    """Show each variant's figures, with intervals that hold at all times, and the verdict.

    \b
    Examples:
      mlflow ab status
      mlflow ab status --url http://127.0.0.1:8080 --json
    """
    from mlflow.remote.transport import tried_once

    with tried_once():
        found = _client(url).experiment()
    _show(found, as_json)


@ab.command()
@_of_server
@_with_reason
@as_json
def start(url: str, reason: str, as_json: bool) -> None:
    """Begin another A/B test of the same kind, with the weights that the server was started with.

    Example: mlflow ab start --reason "a new challenger is registered"
    """
    _ask("start", url, "", reason, as_json)


@ab.command()
@_of_server
@_with_reason
@as_json
def stop(url: str, reason: str, as_json: bool) -> None:
    """End the A/B test; the traffic stays divided as it is.

    Example: mlflow ab stop --reason "the campaign is over"
    """
    _ask("stop", url, "", reason, as_json)


@ab.command()
@click.argument("variant", default="")
@_of_server
@_with_reason
@as_json
def promote(variant: str, url: str, reason: str, as_json: bool) -> None:
    """Give a challenger the control's alias in the registry, and all traffic; the registry's gates are asked.

    VARIANT may be left out where there is one challenger.

    Example: mlflow ab promote challenger --reason "reviewed by Ann"
    """
    _ask("promote", url, variant, reason, as_json)


@ab.command()
@click.argument("variant", default="")
@_of_server
@_with_reason
@as_json
def rollback(variant: str, url: str, reason: str, as_json: bool) -> None:
    """Take its traffic away from a challenger, at once.

    VARIANT may be left out where there is one challenger.

    Example: mlflow ab rollback challenger --reason "customers complain"
    """
    _ask("rollback", url, variant, reason, as_json)


def _client(url: str) -> Any:
    from mlflow.serving.client import ServingClient

    return ServingClient(url)


def _ask(verb: str, url: str, variant: str, reason: str, as_json: bool) -> None:
    from mlflow.remote.transport import tried_once

    with tried_once():
        found = _client(url).ask(verb, variant, reason)
    _show(found, as_json)


def _show(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    state = f"over since {time_text(found['ended'])}: {found['outcome']}" if found["ended"] else "goes on"
    click.echo(f"A/B test {found['experiment']}, {time_text(found['started'])}, {state}")
    rate = found["kind"] == "rate"
    titles = ["Variant", "Version", "Share", "Requests", "Rewards"]
    titles += [found["metric"], "Difference", "p"] if found["metric"] else []
    titles += ["Errors", "Mean ms", "p95 ms", "Verdict"]
    columns(titles, [_row(shown, rate, bool(found["metric"])) for shown in found["variants"]])
    _show_differences(found, " pp" if rate else "")
    for shown in found["variants"]:
        for watched in shown.get("watched", ()):
            says = "holds" if watched["holds"] else "is broken"
            click.echo(
                f"Guardrail {watched['guardrail']} of '{shown['variant']}' {says}: {watched['bad']:.2%} are bad."
            )
    if not found["split"]["fits"]:
        from mlflow.serving.ab.judgement import HELD

        click.echo(f"{found['split']['message']} {HELD}")
    if found["problem"]:
        click.echo(found["problem"])
    if found["run_id"]:
        click.echo(f"Results are logged to run {found['run_id']}.")
    if found["metric"]:
        level = f"{found['alpha'] * 100:.3g} %"
        click.echo(f"If nothing differs, a verdict comes in {level} of all tests at most, however often you look.")
    for hint in _hints(found):
        click.echo(hint, err=True)


def _show_differences(found: dict[str, Any], unit: str) -> None:
    """A picture of each challenger's difference with its interval, where there is one."""
    known = [shown for shown in found["variants"] if (shown.get("difference") or {}).get("low") is not None]
    rows = [
        (shown["variant"], *(shown["difference"][name] * (100 if unit else 1) for name in ("low", "value", "high")))
        for shown in known
    ]
    if rows:
        click.echo(f"\nDifference of {found['metric']} from '{found['control']}'")
        for line in interval_chart(rows, unit):
            click.echo(line)
        click.echo("")


def _hints(found: dict[str, Any]) -> list[str]:
    """What one may do now."""
    if found["ended"]:
        return ["'mlflow ab start' begins another test."]
    control, *challengers = found["variants"]
    hints = []
    for shown in (one for one in challengers if one["standing"] == "running"):
        name, verdict = shown["variant"], shown["verdict"]
        if shown["version"] == control["version"] != "":
            hints.append(f"'{control['variant']}' and '{name}' both answer with version {shown['version']}.")
        if verdict == "better" and "promote" not in found["rule"]:
            hints.append(f"'mlflow ab promote {name}' gives it the alias and all traffic.")
        if verdict == "worse" and "rollback" not in found["rule"]:
            hints.append(f"'mlflow ab rollback {name}' takes its traffic away.")
    return hints


def _row(shown: dict[str, Any], rate: bool, rewarded: bool) -> list[str]:
    standing = shown["standing"]
    verdict = shown.get("verdict", "") if standing == "running" else standing.replace("_", " ")
    row = [shown["variant"], shown["version"], f"{shown['share']:.1%}", str(shown["requests"]), str(shown["rewards"])]
    if rewarded:
        p_value = shown.get("p_value")
        row += [
            _interval(shown["reward"], " %" if rate else ""),
            _interval(shown.get("difference"), " pp" if rate else ""),
            "" if p_value is None else f"{p_value:.3g}",
        ]
    return [
        *row,
        f"{shown['error_rate']:.2%}",
        f"{shown['latency_ms']:.1f}",
        f"{shown['latency_p95_ms']:.1f}",
        verdict,
    ]


def _interval(found: dict[str, float | None] | None, unit: str) -> str:
    """A value and its bounds, in percent or percentage points where there is a unit; empty while there are none."""
    if found is None or found["value"] is None:
        return ""
    value, low, high = (_number(found[name], unit) for name in ("value", "low", "high"))
    return f"{value}{unit} [{low}, {high}]" if low and high else f"{value}{unit}"


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value * 100:.3g}" if unit else f"{value:.4g}"

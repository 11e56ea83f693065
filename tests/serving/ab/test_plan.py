"""What an experiment is told on the command line."""

import pytest

from mlflow.exceptions import InvalidParameterValue
from mlflow.serving.ab.plan import Metric, collect_plan, parse_guardrail, parse_metric, parse_rule


def test_nothing_told_is_no_experiment() -> None:
    assert collect_plan() is None


def test_a_metric_is_a_rate_unless_it_says_mean() -> None:
    assert parse_metric("conversion") == Metric("conversion", "rate")
    assert parse_metric("revenue:mean") == Metric("revenue", "mean")


@pytest.mark.parametrize(
    ("text", "allowed", "seconds"),
    [
        ("error_rate<0.02", 0.02, None),
        ("error_rate < 2%", 0.02, None),
        ("latency_p95<200ms", 0.05, 0.2),
        ("latency_p99.5 < 1.5s", 0.005, 1.5),
    ],
)
def test_a_guardrail_allows_a_share(text: str, allowed: float, seconds: float | None) -> None:
    found = parse_guardrail(text)
    assert (found.allowed, found.seconds) == (allowed, seconds)


def test_a_rule_says_what_follows() -> None:
    found = parse_rule("promote, rollback, ramp=10/25/50, every=2000, limit=100000")
    assert (found.promote, found.rollback, found.ramp, found.every, found.limit) == (
        True,
        True,
        (10.0, 25.0, 50.0),
        2000,
        100000,
    )


@pytest.mark.parametrize(
    ("told", "words"),
    [
        pytest.param({"metric": "a:median"}, "a:median", id="kind"),
        pytest.param({"metric": ":rate"}, ":rate", id="no name"),
        pytest.param({"guardrails": ["errors<1"]}, "errors<1", id="guardrail"),
        pytest.param({"guardrails": ["error_rate<0"]}, "nothing", id="nothing allowed"),
        pytest.param({"guardrails": ["error_rate<100%"]}, "everything", id="everything allowed"),
        pytest.param({"guardrails": ["latency_p95<0ms"]}, "time", id="no time"),
        pytest.param({"metric": "a", "rule": "win"}, "win", id="word"),
        pytest.param({"metric": "a", "rule": "promote=1"}, "takes none", id="value"),
        pytest.param({"metric": "a", "rule": "promote,promote"}, "promote", id="twice"),
        pytest.param({"metric": "a", "rule": "ramp=50/10"}, "rise", id="falling ramp"),
        pytest.param({"metric": "a", "rule": "ramp=x"}, "percentages", id="ramp of words"),
        pytest.param({"metric": "a", "rule": "every=0"}, "above 0", id="no rewards"),
        pytest.param({"rule": "promote"}, "--reward-metric", id="rule without metric"),
        pytest.param({"window": "1h"}, "--reward-metric", id="window without metric"),
        pytest.param({"metric": "a", "window": "soon"}, "soon", id="window"),
        pytest.param({"metric": "a", "alpha": 0.7}, "0.7", id="alpha"),
    ],
)
def test_what_makes_no_sense_is_named(told: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidParameterValue, match=words.replace("(", r"\(")):
        collect_plan(**told)  # type: ignore[arg-type]  # what is wrong is meant


@pytest.mark.parametrize(("metric", "reward"), [("a", 0.5), ("a", float("nan")), ("a:mean", float("inf"))])
def test_a_reward_that_is_none_of_the_metric_is_refused(metric: str, reward: float) -> None:
    with pytest.raises(InvalidParameterValue, match="Send"):
        parse_metric(metric).check(reward)

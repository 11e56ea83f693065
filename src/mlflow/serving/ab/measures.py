"""What `/metrics` tells of an experiment: rewards of each variant, and how things stand.

The figures are read from the experiment's file when they are asked for, so every process of a server tells the same,
and a restart goes on counting.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, SummaryMetricFamily
from prometheus_client.registry import Collector

from mlflow.serving.ab.live import LiveExperiment

__all__ = ["ExperimentMeasures"]

_VERDICTS = ("better", "worse", "undecided")
_STANDINGS = ("control", "running", "promoted", "rolled_back", "refused")


class ExperimentMeasures(Collector):
    """Tells of the newest experiment of a server.

    Args:
        experiment: that runs there.
    """

    def __init__(self, experiment: LiveExperiment) -> None:
        self._experiment = experiment

    def collect(self) -> Iterator[Metric]:
        """The measures as they are now."""
        yield from self._counted()
        status = self._experiment.status()
        yield _state(status)
        yield _split(status)
        p_values = GaugeMetricFamily(
            "mlflow_ab_p_value", "The always valid p-value of a challenger's difference.", labels=["variant"]
        )
        for shown in status["variants"]:
            if shown.get("p_value") is not None:
                p_values.add_metric([shown["variant"]], shown["p_value"])
        yield p_values
        yield _one_of(status, "verdict", "What the rewards say of a challenger.", _VERDICTS)
        yield _one_of(status, "standing", "What was decided about a variant.", _STANDINGS)

    def _counted(self) -> Iterator[Metric]:
        labels = ["variant", "version"]
        rewards = SummaryMetricFamily("mlflow_ab_reward", "Rewards of the newest A/B test's requests.", labels=labels)
        requests = CounterMetricFamily("mlflow_ab_requests", "Requests that take part in it.", labels=labels)
        for key, tally in sorted(self._experiment.counted().items()):
            rewards.add_metric(key, int(tally.rewards.count), tally.rewards.total)
            requests.add_metric(key, tally.requests)
        yield rewards
        yield requests


def _state(status: dict[str, Any]) -> Metric:
    family = GaugeMetricFamily(
        "mlflow_ab_experiment", "1 while the newest A/B test goes on, 0 when it is over.", labels=["experiment"]
    )
    family.add_metric([str(status["experiment"])], status["ended"] is None)
    return family


def _split(status: dict[str, Any]) -> Metric:
    return GaugeMetricFamily(
        "mlflow_ab_split_fits",
        "0 where requests are not divided among the variants as the weights say.",
        value=status["split"]["fits"],
    )


def _one_of(status: dict[str, Any], name: str, doc: str, words: tuple[str, ...]) -> Metric:
    """1 for the word that holds, 0 for the others."""
    family = GaugeMetricFamily(f"mlflow_ab_{name}", f"1 for what holds. {doc}", labels=["variant", name])
    for shown in status["variants"]:
        for word in words if name in shown else ():
            family.add_metric([shown["variant"], word], shown[name] == word)
    return family

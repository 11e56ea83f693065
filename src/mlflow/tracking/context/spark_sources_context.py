"""What Spark read before the run began, while none was open."""

from __future__ import annotations

import sys

from mlflow.tracking.context.abstract_context import RunContextProvider

__all__ = ["SparkSourcesRunContext"]

_LISTENING = "mlflow.autologging.pyspark.sources"  # imported by `mlflow.spark.autolog` alone


class SparkSourcesRunContext(RunContextProvider):
    """The tag of `mlflow.spark.autolog`; a source is told to one run."""

    def in_context(self) -> bool:
        return _LISTENING in sys.modules

    def tags(self) -> dict[str, str]:
        sources = sys.modules[_LISTENING]
        lines = sources.take_unclaimed()
        return {sources.READ_BY_SPARK: "\n".join(lines)} if lines else {}

"""Whether Spark finds a Delta table somewhere, and at which version."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["failures", "is_delta", "latest_version", "relation"]


def relation(path: str | None, table_name: str | None) -> str:
    """A Delta table in Spark SQL, quoted: the one at a path, or the one of a dotted name."""
    if path is not None:
        return f"delta.{_quoted(path)}"
    return ".".join(_quoted(part) for part in str(table_name).split("."))


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def is_delta(spark: Any, table: str) -> bool:
    """Whether this relation is a Delta table; no when Spark has no Delta Lake, or finds no such table."""
    found = _first(spark, f"DESCRIBE DETAIL {table}")
    return found is not None and found["format"] == "delta"


def latest_version(spark: Any, table: str) -> int | None:
    """The newest version of a Delta table; None where its history cannot be read."""
    found = _first(spark, f"DESCRIBE HISTORY {table} LIMIT 1")
    return None if found is None else int(found["version"])


def failures() -> tuple[type[Exception], ...]:
    """What Spark raises: the second of them for what its Python side has no class of its own for."""
    return import_module("pyspark.errors").PySparkException, import_module("py4j.protocol").Py4JError


def _first(spark: Any, query: str) -> Any:
    try:
        return spark.sql(query).first()
    except failures():
        return None

"""Delta tables read by delta-rs, the package deltalake: without Spark, by the folder that they are in."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from mlflow.exceptions import InvalidParameterValue, MlflowException, ResourceDoesNotExist

__all__ = ["DeltaReaderMissing", "is_readable", "read"]

_SPARK = (
    "give Spark Delta Lake by spark.jars.packages=io.delta:delta-spark_2.13:4.0.0 (of your Spark's version), "
    "spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension and "
    "spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog"
)


class DeltaReaderMissing(MlflowException, ImportError):
    """Nothing that is installed reads this Delta table."""

    @classmethod
    def of(cls, path: str | None, table_name: str | None) -> DeltaReaderMissing:
        """With what would read it: a name is known to Spark's catalog alone."""
        if path is None:
            return cls(f"The Delta table '{table_name}' cannot be read by its name: {_SPARK}. Or give its path.")
        return cls(f"The Delta table '{path}' cannot be read. Run: pip install 'mlflow[delta]', or {_SPARK}.")


def is_readable(path: str | None) -> bool:
    """Whether delta-rs can be asked."""
    return path is not None and all(find_spec(package) is not None for package in ("deltalake", "pyarrow"))


def read(path: str, version: int | None, storage_options: Mapping[str, Any]) -> tuple[Any, int]:
    """A table's rows as a pandas DataFrame, and the number of the version they are of, the latest when none is given.

    Raises:
        ResourceDoesNotExist: there is no table, or not that version of it.
        InvalidParameterValue: the table cannot be read.
    """
    deltalake = import_module("deltalake")
    errors = import_module("deltalake.exceptions")
    options = {name: str(value) for name, value in storage_options.items()} or None
    try:
        table = deltalake.DeltaTable(path, storage_options=options)
        latest = int(table.version())
        if version is not None and not 0 <= version <= latest:
            raise ResourceDoesNotExist(
                f"The Delta table '{path}' has no version '{version}'. Its latest is '{latest}'."
            )
        if version is not None:
            table.load_as_version(version)
        return table.to_pandas(), latest if version is None else version
    except errors.TableNotFoundError as exc:
        raise ResourceDoesNotExist(
            f"There is no Delta table in '{path}'. Give the folder that holds _delta_log."
        ) from exc
    except (errors.DeltaError, OSError, ValueError) as exc:  # the table's own files, and what Arrow finds in them
        raise InvalidParameterValue(f"The Delta table '{path}' cannot be read: {exc}") from exc

"""Which models are logged: those of the classes on a list, or else all that Spark can write."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from mlflow.artifacts.reading import local_artifact
from mlflow.tracking.autologging.guard import logger

__all__ = ["is_allowed"]

_SETTING = "spark.mlflow.pysparkml.autolog.logModelAllowlistFile"


def is_allowed(model: Any, listed: str | None, session: Any) -> bool:
    """Whether a model is to be logged.

    Args:
        model: the fitted one.
        listed: a path or URI of the list; None for the session's, if it names one.
        session: of Spark.
    """
    from pyspark.ml.util import MLWritable

    if not isinstance(model, MLWritable):
        logger.warning("The model of %s is not logged, as Spark cannot write it.", type(model).__name__)
        return False
    place = listed or session.conf.get(_SETTING, None)
    if not place:
        return True
    name = f"{type(model).__module__}.{type(model).__name__}"
    return any(fnmatchcase(name, pattern) for pattern in _patterns(str(place)))


def _patterns(place: str) -> list[str]:
    if "://" in place:
        with local_artifact(place) as file:
            text = file.read_text(encoding="utf-8")
    else:
        text = Path(place.removeprefix("file:")).read_text(encoding="utf-8")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]

"""spaCy's pipelines, stored in its own format.

    >>> mlflow.spacy.log_model(nlp, name="model")  # doctest: +SKIP

A pipeline with a text categoriser can be loaded as a function: the first column of a frame holds the texts, and the
column `predictions` of the answer the score of each category.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mlflow.models.flavor import Flavor
from mlflow.models.surface import LOG, SAVE, Surface

__all__ = ["get_default_conda_env", "get_default_pip_requirements", "load_model", "log_model", "save_model"]

FLAVOR_NAME = "spacy"

_LOG = logging.getLogger(__name__)
_CATEGORISERS = {"textcat", "textcat_multilabel"}


def _dump(model: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    model.to_disk(path)
    return {}


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    import spacy

    return spacy.load(path)


def _is_function(model: Any, options: Mapping[str, Any]) -> bool:
    found = bool({model.get_pipe_meta(name).factory for name in model.pipe_names} & _CATEGORISERS)
    if not found:
        _LOG.info("The pipeline has no text categoriser, so it cannot be loaded as a function.")
    return found


def _predict(model: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    import pandas as pd

    if not isinstance(data, pd.DataFrame):
        data = pd.DataFrame({"text": [data] if isinstance(data, str) else data})
    found = [document.cats for document in model.pipe(data.iloc[:, 0])]
    return pd.DataFrame({"predictions": found}, index=data.index)


def _needs(model: Any, path: Path) -> Iterator[str]:
    """The packages of the components' classes, such as spacy_transformers."""
    for name in model.pipe_names:
        yield type(model.get_pipe(name)).__module__


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="spacy",
    module="spacy",
    handles=("spacy.Language",),
    loader_module=__name__,
    file="model.spacy",
    file_key="data",
    dump=_dump,
    load=_load,
    predict=_predict,
    is_function=_is_function,
    is_safe=lambda config: True,
    needs=_needs,
)

_SURFACE = Surface(FLAVOR, model="spacy_model", save=SAVE, log=LOG.replace("await_registration_for ", ""))
save_model = _SURFACE.save_model
load_model = _SURFACE.load_model
log_model = _SURFACE.log_model
get_default_pip_requirements = _SURFACE.get_default_pip_requirements
get_default_conda_env = _SURFACE.get_default_conda_env
_load_pyfunc = _SURFACE.load_pyfunc

"""Models of Sentence Transformers, which turn texts into vectors.

    >>> mlflow.sentence_transformers.log_model(model, name="model")  # doctest: +SKIP

A model that is loaded as a function takes a text, texts, or a frame whose first column holds them, and returns an array
of one row a text. With `task="llm/v1/embeddings"` it takes `{"input": texts}` and answers as that protocol does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlflow.exceptions import InvalidParameterValue
from mlflow.models.flavor import Flavor
from mlflow.models.signature import ModelSignature
from mlflow.models.surface import Surface
from mlflow.models.text_inputs import texts_of
from mlflow.types import ColSpec, DataType, Schema, TensorSpec

__all__ = ["get_default_conda_env", "get_default_pip_requirements", "load_model", "log_model", "save_model"]

FLAVOR_NAME = "sentence_transformers"
SENTENCE_TRANSFORMERS_DATA_PATH = "model.sentence_transformer"

_INFERENCE = "inference_config"
_EMBEDDINGS = "llm/v1/embeddings"
_OWN = "sentence_transformers."


def _prepare(model: Any, options: Mapping[str, Any]) -> Mapping[str, Any]:
    if options["task"] not in (None, _EMBEDDINGS):
        raise InvalidParameterValue(f"Unknown task '{options['task']}'. Use '{_EMBEDDINGS}', or leave it out.")
    return options


def _dump(model: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    model.save(str(path))
    if options["inference_config"]:
        (path.parent / _INFERENCE).write_text(json.dumps(options["inference_config"]))
    transformer = getattr(model[0], "auto_model", None)
    return {
        "source_model_name": getattr(transformer, "name_or_path", ""),
        "pipeline_model_type": type(transformer).__name__,
    }


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(path), local_files_only=True)


def _risk(path: Path) -> str:
    """Modules of the model whose classes are not the library's own are files of code in its folder."""
    modules = path / "modules.json"
    try:
        named = json.loads(modules.read_text(encoding="utf-8")) if modules.exists() else []
        own = all(str(module["type"]).startswith(_OWN) for module in named)
    except (ValueError, LookupError, TypeError):
        own = False
    if not own:
        return "Python"
    return "pickle" if any(path.rglob("pytorch_model*.bin")) else ""


def _stored_config(folder: Path) -> dict[str, Any]:
    place = folder / _INFERENCE
    return {_INFERENCE: json.loads(place.read_text())} if place.exists() else {}


def _predict(model: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    further = {**config.get(_INFERENCE, {}), **params}
    if (config.get("task") or (config.get("config") or {}).get("task")) != _EMBEDDINGS:
        return model.encode(texts_of(data), **further)
    given = data["input"]
    entries = [given] if isinstance(given, str) else list(given)
    texts = [text for entry in entries for text in ([entry] if isinstance(entry, str) else entry)]
    vectors = model.encode(texts, **further)
    tokens = sum(len(model.tokenizer.tokenize(text)) for text in texts)
    return {
        "object": "list",
        "data": [{"object": "embedding", "index": place, "embedding": one} for place, one in enumerate(vectors)],
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def _signature(model: Any, options: Mapping[str, Any]) -> ModelSignature:
    import numpy as np

    name = "input" if options["task"] else None
    inputs = Schema([ColSpec(DataType.string, name=name)])
    if options["task"]:
        return ModelSignature(inputs=inputs)
    dimension = next(
        (
            getattr(model, method)()
            for method in ("get_embedding_dimension", "get_sentence_embedding_dimension")
            if hasattr(model, method)
        ),
        None,
    )
    return ModelSignature(inputs=inputs, outputs=Schema([TensorSpec(np.dtype("float32"), (-1, dimension or -1))]))


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="sentence-transformers",
    module="sentence_transformers",
    handles=("sentence_transformers.SentenceTransformer",),
    loader_module=__name__,
    file=SENTENCE_TRANSFORMERS_DATA_PATH,
    prepare=_prepare,
    dump=_dump,
    load=_load,
    predict=_predict,
    stored_config=_stored_config,
    is_safe=lambda config: True,  # its files tell
    runs_code=_risk,
    needs=lambda model, path: ["numpy"],
    also=lambda options: ["transformers", "torch"],
    pyfunc_config=lambda options: {"config": {"task": options["task"]}} if options["task"] else {},
    signature=_signature,
)

_SURFACE = Surface(
    FLAVOR,
    model="model",
    save="path task inference_config code_paths mlflow_model signature input_example pip_requirements "
    "extra_pip_requirements conda_env metadata extra_files **",
    log="artifact_path task inference_config code_paths registered_model_name signature input_example "
    "await_registration_for pip_requirements extra_pip_requirements conda_env metadata extra_files prompts name params "
    "tags model_type step model_id **",
    meanings={
        "task": "`llm/v1/embeddings` to speak that protocol.",
        "inference_config": "options of the model's `encode`.",
    },
)
save_model = _SURFACE.save_model
load_model = _SURFACE.load_model
log_model = _SURFACE.log_model
get_default_pip_requirements = _SURFACE.get_default_pip_requirements
get_default_conda_env = _SURFACE.get_default_conda_env
_load_pyfunc = _SURFACE.load_pyfunc

"""Pipelines and models of Hugging Face's transformers, with their weights as safetensors.

    >>> mlflow.transformers.log_model(pipeline, name="model")  # doctest: +SKIP
    >>> mlflow.transformers.log_model({"model": model, "tokenizer": tokenizer}, name="model", task="fill-mask")
    ... # doctest: +SKIP

A pipeline that is loaded as a function takes a text, texts, or a frame, and returns: a frame of label and score for a
classification, a list of texts where text is generated, filled in or marked, and else what the pipeline returns.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mlflow.autologging.transformers import autolog
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.flavor import Flavor, NotOfThisFlavor
from mlflow.models.signature import ModelSignature
from mlflow.models.surface import Surface
from mlflow.models.text_inputs import rows_of
from mlflow.types import ColSpec, DataType, Schema

__all__ = ["autolog", "get_default_conda_env", "get_default_pip_requirements", "load_model", "log_model", "save_model"]

FLAVOR_NAME = "transformers"

_MODEL, _COMPONENTS, _PROCESSOR = "model", "components", "processor"
_PARTS = {
    "tokenizer": "AutoTokenizer",
    "feature_extractor": "AutoFeatureExtractor",
    "image_processor": "AutoImageProcessor",
}
_PROMPT = "{prompt}"
_OFFLINE = {"local_files_only": True, "trust_remote_code": False}  # unless told, transformers asks at the terminal


def _prepare(model: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    """Make one pipeline of whatever was given; it goes along under `pipeline`."""
    if not options["save_pretrained"]:
        raise InvalidParameterValue(
            "save_pretrained=False keeps a reference to a hub instead of the weights, which is not supported. "
            "Leave it out: the weights are stored with the model."
        )
    template = options["prompt_template"]
    if template is not None and template.count(_PROMPT) != 1:
        raise InvalidParameterValue(f"Prompt template '{template}' must hold {_PROMPT} once.")
    return {**options, "pipeline": _pipeline(model, options["task"])}


def _pipeline(model: Any, task: str | None) -> Any:
    import transformers

    if isinstance(model, transformers.Pipeline):
        return model
    if task is None:
        raise NotOfThisFlavor(
            f"A pipeline is needed, and this is a '{type(model).__name__}'. Pass a pipeline, or a dictionary of "
            "components or the folder of a checkpoint together with task."
        )
    parts = {"model": str(model)} if isinstance(model, (str, Path)) else dict(model)
    unknown = parts.keys() - {"model", "processor", *_PARTS}
    if unknown or "model" not in parts:
        raise InvalidParameterValue(
            f"Components '{sorted(parts)}' do not make a pipeline. Pass model, and of tokenizer, feature_extractor and "
            "image_processor those it needs."
        )
    return transformers.pipeline(task, **parts)


def _dump(model: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    pipeline = options["pipeline"]
    pipeline.model.save_pretrained(path / _MODEL)
    named: dict[str, Any] = {
        "task": pipeline.task,
        "instance_type": type(pipeline).__name__,
        "torch_dtype": str(options["torch_dtype"] or pipeline.model.dtype),
        "model_binary": _MODEL,
        "source_model_name": pipeline.model.name_or_path,
        "pipeline_model_type": type(pipeline.model).__name__,
        "components": [name for name in _PARTS if getattr(pipeline, name, None) is not None],
    }
    for name in named["components"]:
        part = getattr(pipeline, name)
        part.save_pretrained(path / _COMPONENTS / name)
        named[f"{name}_type"] = type(part).__name__
    if options["processor"] is not None:
        options["processor"].save_pretrained(path / _PROCESSOR)
        named["processor_type"] = type(options["processor"]).__name__
    if options["prompt_template"]:
        named["prompt_template"] = options["prompt_template"]
    _dump_card(options["model_card"], path)
    return named


def _dump_card(card: Any, path: Path) -> None:
    """Write a ModelCard: its text, and its data as YAML."""
    if card is not None:
        (path / "model_card.md").write_text(getattr(card, "text", None) or str(card), encoding="utf-8")
        if hasattr(card, "data"):
            (path / "model_card_data.yaml").write_text(card.data.to_yaml(), encoding="utf-8")


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    import torch
    import transformers

    dtype = getattr(torch, str(config.get("torch_dtype") or "torch.float32").removeprefix("torch."))
    parts = {"model": _model_class(config).from_pretrained(path / _MODEL, dtype=dtype, local_files_only=True)}
    for name in config.get("components") or ():
        if name in _PARTS:
            loader = getattr(transformers, _PARTS[name])
            parts[name] = loader.from_pretrained(path / _COMPONENTS / name, **_OFFLINE)
    if (path / _PROCESSOR).exists():
        parts["processor"] = transformers.AutoProcessor.from_pretrained(path / _PROCESSOR, **_OFFLINE)
    if options.get("return_type", "pipeline") == "components":
        return {"task": config["task"], "dtype": dtype, **parts}
    parts.pop("processor", None)
    return transformers.pipeline(config["task"], **parts, device=options.get("device"), **options.get("kwargs", {}))


def _model_class(config: Mapping[str, Any]) -> Any:
    """The class of transformers that the manifest names; others are not looked up."""
    import transformers

    name = str(config.get("pipeline_model_type"))
    found = getattr(transformers, name, None)
    if not (isinstance(found, type) and issubclass(found, transformers.PreTrainedModel)):
        raise InvalidParameterValue(
            f"transformers has no model '{name}'. Install the version that the model's requirements name."
        )
    return found


def _predict(pipeline: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    further = {**(config.get("config") or {}), **params}
    rows = [json.loads(row) if isinstance(row, str) and row.startswith('{"') else row for row in rows_of(data)]
    template = config.get("prompt_template")
    if template:
        rows = [template.replace(_PROMPT, row) for row in rows]
    if isinstance(data, Mapping):
        return pipeline(**data, **further)
    answers = [pipeline(row, **further) if isinstance(row, str) else pipeline(**row, **further) for row in rows]
    read = _ANSWERS.get(type(pipeline).__name__)
    return read(answers) if read else answers


def _labels(answers: list[Any]) -> Any:
    """The best label of each text with its score; columns label_0, score_0 … where more were asked for."""
    import pandas as pd

    lists = [answer if isinstance(answer, list) else [answer] for answer in answers]
    if all(len(one) == 1 for one in lists):
        return pd.DataFrame([one[0] for one in lists])
    wide = [{f"{key}_{place}": entry[key] for place, entry in enumerate(one) for key in entry} for one in lists]
    return pd.DataFrame(wide)


def _first(key: str) -> Callable[[list[Any]], list[Any]]:
    return lambda answers: [answer[0][key] for answer in answers]


def _marks(answers: list[Any]) -> list[str]:
    key = "entity_group" if answers and answers[0] and "entity_group" in answers[0][0] else "entity"
    return [",".join(mark[key] for mark in answer) for answer in answers]


def _vectors(answers: list[Any]) -> Any:
    """The vectors of a text's tokens; a list of them for several texts, which differ in length."""
    import numpy as np

    found = [np.asarray(answer[0]) for answer in answers]
    return found[0] if len(found) == 1 else found


_ANSWERS: dict[str, Callable[[list[Any]], Any]] = {
    "TextClassificationPipeline": _labels,
    "TextGenerationPipeline": _first("generated_text"),
    "FillMaskPipeline": _first("token_str"),
    "TokenClassificationPipeline": _marks,
    "FeatureExtractionPipeline": _vectors,
}


def _signature(model: Any, options: Mapping[str, Any]) -> ModelSignature | None:
    kind = type(options["pipeline"]).__name__
    if kind not in _ANSWERS or kind == "FeatureExtractionPipeline":
        return None
    text = ColSpec(DataType.string)
    labels = [ColSpec(DataType.string, name="label"), ColSpec(DataType.double, name="score")]
    outputs = Schema(labels if kind == "TextClassificationPipeline" else [text])
    return ModelSignature(inputs=Schema([text]), outputs=outputs)


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="transformers",
    module="transformers",
    loader_module=__name__,
    file="",
    data_key="",
    prepare=_prepare,
    dump=_dump,
    load=_load,
    predict=_predict,
    as_function=lambda model, config: _pipeline(model, config.get("task")),
    is_safe=lambda config: True,  # code of a checkpoint is never trusted, and weights are loaded as weights alone
    needs=lambda model, path: ["numpy"],
    also=lambda options: ["torch"],
    pyfunc_config=lambda options: {"config": options["model_config"]} if options["model_config"] else {},
    signature=_signature,
)

_SURFACE = Surface(
    FLAVOR,
    model="transformers_model",
    save="path processor task torch_dtype model_card code_paths mlflow_model signature input_example pip_requirements "
    "extra_pip_requirements conda_env metadata model_config prompt_template save_pretrained=True base_model_path **",
    log="artifact_path processor task torch_dtype model_card code_paths registered_model_name signature input_example "
    "await_registration_for pip_requirements extra_pip_requirements conda_env metadata model_config prompt_template "
    "save_pretrained=True prompts name params tags model_type step model_id base_model_path **",
    load="dst_path return_type='pipeline' device base_model_path **",
    defaults="model!",
    meanings={
        "processor": "a processor to keep with the model.",
        "task": "the pipeline's task, where components or a folder are given.",
        "torch_dtype": "the type of the weights when the model is loaded.",
        "model_card": "a ModelCard to keep with the model.",
        "model_config": "options of the pipeline's calls, when it is loaded as a function.",
        "prompt_template": "text around each prompt, which stands where it says {prompt}.",
        "save_pretrained": "store the weights.",
        "return_type": "`pipeline`, or `components` for a dictionary.",
        "device": "where the pipeline computes.",
        "model": "the model whose requirements are asked for.",
    },
)
save_model = _SURFACE.save_model
load_model = _SURFACE.load_model
log_model = _SURFACE.log_model
get_default_pip_requirements = _SURFACE.get_default_pip_requirements
get_default_conda_env = _SURFACE.get_default_conda_env
_load_pyfunc = _SURFACE.load_pyfunc

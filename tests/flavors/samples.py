"""One trained tiny model a flavor, what its users call it with, and what its folder holds; `battery` does the rest.

The entries of the manifest are those of models that the published package writes.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from tests.flavors.small_models import (
    FRAME,
    ROWS,
    ROWS_FRAME,
    TEXTS,
    X,
    arima,
    arima_of_statsmodels,
    booster,
    by_categoriser,
    by_classification,
    by_encoding,
    by_explainer,
    by_h2o,
    by_keras,
    by_mask,
    by_matrix,
    by_onnx,
    by_paddle,
    by_predict,
    by_spark,
    by_torch,
    cat_classifier,
    categoriser,
    classification,
    h2o_model,
    keras_model,
    keras_of_two,
    light_booster,
    light_classifier,
    linear_explainer,
    mask_components,
    network,
    onnx_model,
    paddle_layer,
    paddle_tensor,
    prophet_model,
    regression,
    scripted,
    sentence_model,
    spark,
    spark_pipeline,
    tensor,
    tensorflow_module,
    tensorflow_tensor,
    tree_explainer,
    two_arrays,
    xgboost_classifier,
)


class Sample(NamedTuple):
    """A model of one flavor, saved in one way.

    Args:
        flavor: the module below mlflow.
        make: trains the model, or builds it.
        distribution: what requirements name it by.
        predict: what the framework's own model answers; compared with what the loaded one does.
        inputs: what users call it with, the model's own kind of input first; named for the test's id.
        keys: of the flavor's entry, beside code.
        function: keys of the function's entry, beside env, loader_module and python_version; None for no function.
        options: of save_model.
        safe: whether it loads where pickle is refused.
        name: tells samples of one flavor apart.
    """

    flavor: str
    make: Callable[[], Any]
    distribution: str
    predict: Callable[[Any, Any], Any]
    inputs: dict[str, Callable[[], Any]]
    keys: set[str]
    function: set[str] | None
    options: dict[str, Any] = {}
    safe: bool = True
    name: str = ""

    @property
    def id(self) -> str:
        return f"{self.flavor}-{self.name}" if self.name else self.flavor


FRAME_OR_ARRAY = {"frame": lambda: FRAME, "array": lambda: X}
FLOATS = {"array": lambda: ROWS, "frame": lambda: ROWS_FRAME}
TEXT_INPUTS = {
    "list": lambda: TEXTS,
    "text": lambda: TEXTS[0],
    "array": lambda: np.array(TEXTS),
    "frame": lambda: pd.DataFrame({"text": TEXTS}),
}

PYTORCH = ({"model_data", "pytorch_version"}, {"data", "pickle_module_name", "config"})
LIGHTGBM = {"lgb_version", "data", "model_class", "serialization_format", "skops_trusted_types"}
SHAP = {"shap_version", "serialized_explainer", "underlying_model_flavor"}
HUGGING_FACE = {
    "transformers_version",
    "task",
    "instance_type",
    "torch_dtype",
    "model_binary",
    "source_model_name",
    "pipeline_model_type",
    "components",
    "tokenizer_type",
}
# paddle's libraries crash where tensorflow's were loaded before
SAMPLES = [
    Sample(
        "paddle", paddle_layer, "paddlepaddle", by_paddle, {**FLOATS, "tensor": paddle_tensor},
        {"paddle_version", "pickled_model"}, {"model_path"},
    ),
    Sample(
        "xgboost", booster, "xgboost-cpu", by_matrix, {"frame": lambda: FRAME},
        {"xgb_version", "data", "model_class", "model_format"}, {"data"},
    ),
    Sample(
        "xgboost", xgboost_classifier, "xgboost-cpu", by_predict, FRAME_OR_ARRAY,
        {"xgb_version", "data", "model_class", "model_format"}, {"data"}, {"model_format": "json"}, name="estimator",
    ),
    Sample("lightgbm", light_booster, "lightgbm", by_predict, FRAME_OR_ARRAY, LIGHTGBM, {"data"}),
    Sample("lightgbm", light_classifier, "lightgbm", by_predict, FRAME_OR_ARRAY, LIGHTGBM, {"data"}, name="estimator"),
    Sample(
        "lightgbm", light_classifier, "lightgbm", by_predict, FRAME_OR_ARRAY, LIGHTGBM, {"data"},
        {"serialization_format": "cloudpickle"}, safe=False, name="pickled",
    ),
    Sample(
        "catboost", cat_classifier, "catboost", by_predict, FRAME_OR_ARRAY,
        {"catboost_version", "model_type", "save_format", "data"}, {"data"},
    ),
    Sample(
        "pytorch", network, "torch", by_torch, {**FLOATS, "tensor": tensor}, *PYTORCH, {"input_example": ROWS},
        name="exported",
    ),
    Sample(
        "pytorch", network, "torch", by_torch, {**FLOATS, "tensor": tensor}, *PYTORCH,
        {"serialization_format": "pickle"}, safe=False, name="pickled",
    ),
    Sample("pytorch", scripted, "torch", by_torch, FLOATS, *PYTORCH, safe=False, name="scripted"),
    Sample(
        "onnx", onnx_model, "onnx", by_onnx, {**FLOATS, "doubles": lambda: X, "dictionary": lambda: {"X": ROWS}},
        {"onnx_version", "data", "providers", "onnx_session_options"}, {"data"},
    ),
    Sample(
        "statsmodels", regression, "statsmodels", by_predict, {"array": lambda: X, "frame": lambda: FRAME},
        {"statsmodels_version", "data"}, {"data"}, safe=False,
    ),
    Sample(
        "statsmodels", arima_of_statsmodels, "statsmodels", lambda model, data: model.predict(30, 32),
        {
            "frame": lambda: pd.DataFrame({"start": [30], "end": [32]}),
            "dictionary": lambda: {"start": 30, "end": 32},
        },
        {"statsmodels_version", "data"}, {"data"}, {"remove_data": False}, safe=False, name="series",
    ),
    Sample(
        "pmdarima", arima, "pmdarima", lambda model, data: model.predict(3),
        {"frame": lambda: pd.DataFrame({"n_periods": [3]}), "dictionary": lambda: {"n_periods": 3}},
        {"pmdarima_version", "model_type", "data"}, {"data"}, safe=False,
    ),
    Sample(
        "prophet", prophet_model, "prophet", lambda model, data: model.predict(pd.DataFrame(data))["yhat"],
        {
            "frame": lambda: pd.DataFrame({"ds": pd.date_range("2020-03-01", periods=3)}),
            "dictionary": lambda: {"ds": pd.date_range("2020-03-01", periods=3)},
        },
        {"prophet_version", "model_type", "data"}, {"data"},
    ),
    Sample(
        "spacy", categoriser, "spacy", by_categoriser, {"frame": TEXT_INPUTS["frame"], **TEXT_INPUTS},
        {"spacy_version", "data"}, {"data"},
    ),
    Sample(
        "shap", linear_explainer, "shap", by_explainer, {"array": lambda: X, "frame": lambda: FRAME}, SHAP,
        {"model_path", "underlying_model_flavor"}, safe=False, name="linear",
    ),
    Sample(
        "shap", tree_explainer, "shap", by_explainer, {"array": lambda: X, "frame": lambda: FRAME},
        SHAP | {"serialization_format"}, {"model_path", "underlying_model_flavor"}, safe=False, name="tree",
    ),
    Sample(
        "sentence_transformers", sentence_model, "sentence-transformers", by_encoding, TEXT_INPUTS,
        {"sentence_transformers_version", "source_model_name", "pipeline_model_type"}, {"data"},
    ),
    Sample("transformers", classification, "transformers", by_classification, TEXT_INPUTS, HUGGING_FACE, set()),
    Sample(
        "transformers", mask_components, "transformers", by_mask, {"list": lambda: ["hello [MASK]", "bad [MASK]"]},
        HUGGING_FACE, set(), {"task": "fill-mask"}, name="components",
    ),
    Sample(
        "tensorflow", keras_model, "tensorflow-cpu", by_keras, {**FLOATS, "tensor": tensorflow_tensor},
        {"model_type", "data", "keras_version", "save_format"}, {"data"},
    ),
    Sample(
        "tensorflow", keras_of_two, "tensorflow-cpu", by_keras, {"dictionary": two_arrays},
        {"model_type", "data", "keras_version", "save_format"}, {"data"}, name="two-inputs",
    ),
    Sample(
        "tensorflow", tensorflow_module, "tensorflow-cpu", lambda model, data: model(tensorflow_tensor()).numpy(),
        {**FLOATS, "tensor": tensorflow_tensor}, {"model_type", "saved_model_dir", "keras_version"}, set(), safe=False,
        name="module",
    ),
    Sample(
        "keras", keras_model, "keras", by_keras, {**FLOATS, "tensor": tensorflow_tensor},
        {"data", "keras_version", "keras_backend", "save_exported_model"}, set(),
    ),
    Sample(
        "keras", keras_model, "keras", lambda model, data: keras_model().predict(ROWS, verbose=0), FLOATS,
        {"data", "keras_version", "keras_backend", "save_exported_model"}, set(), {"save_exported_model": True},
        safe=False, name="exported",
    ),
    Sample(
        "spark", spark_pipeline, "pyspark", by_spark,
        {"frame": lambda: FRAME, "spark": lambda: spark().createDataFrame(FRAME)},
        {"pyspark_version", "model_data", "model_class"}, {"data"},
    ),
    Sample(
        "h2o", h2o_model, "h2o", by_h2o, {"frame": lambda: FRAME, "dictionary": lambda: FRAME.to_dict("list")},
        {"h2o_version", "data"}, {"data"}, safe=False,
    ),
]  # fmt: skip
NEEDS_JAVA = {"spark", "h2o"}


def quiet() -> Iterator[None]:
    """Keep the frameworks from talking, and from looking for a network."""
    os.environ.update({"HF_HUB_OFFLINE": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "TOKENIZERS_PARALLELISM": "false"})
    yield

"""One trained tiny model a flavor, what its users call it with, and what its folder holds; `battery` does the rest.

The entries of the manifest are those of models that the published package writes.
"""

import os
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

X = np.arange(40.0).reshape(20, 2)
Y = (X.sum(1) > 39).astype(int)
FRAME = pd.DataFrame(X, columns=["a", "b"])
ROWS = X.astype("float32")
ROWS_FRAME = FRAME.astype("float32")
TEXTS = ["hello world", "bad day"]
SERIES = np.arange(30.0) + np.sin(np.arange(30))


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


def by_predict(model: Any, data: Any) -> Any:
    return model.predict(data)


@cache
def booster() -> Any:
    import xgboost

    return xgboost.train({"objective": "binary:logistic"}, xgboost.DMatrix(FRAME, Y), 3)


def by_matrix(model: Any, data: Any) -> Any:
    import xgboost

    return model.predict(xgboost.DMatrix(data))


@cache
def xgboost_classifier() -> Any:
    import xgboost

    return xgboost.XGBClassifier(n_estimators=3).fit(X, Y)


@cache
def light_booster() -> Any:
    import lightgbm

    options = {"objective": "binary", "min_data_in_leaf": 1, "verbose": -1}
    return lightgbm.train(options, lightgbm.Dataset(X, Y), 3)


@cache
def light_classifier() -> Any:
    import lightgbm

    return lightgbm.LGBMClassifier(n_estimators=3, min_child_samples=1, verbose=-1).fit(X, Y)


@cache
def cat_classifier() -> Any:
    import catboost

    return catboost.CatBoostClassifier(iterations=3, verbose=0, allow_writing_files=False).fit(X, Y)


@cache
def network() -> Any:
    import torch

    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 2))


@cache
def scripted() -> Any:
    import torch

    return torch.jit.script(network())


def tensor() -> Any:
    import torch

    return torch.as_tensor(ROWS)


def by_torch(model: Any, data: Any) -> Any:
    import torch

    with torch.no_grad():
        return model(torch.as_tensor(np.asarray(data, dtype="float32"))).numpy()


@cache
def keras_model() -> Any:
    import keras

    keras.utils.set_random_seed(0)
    rows = keras.Input((2,))
    return keras.Model(rows, keras.layers.Dense(1)(rows))


@cache
def keras_of_two() -> Any:
    import keras

    left, right = keras.Input((1,), name="a"), keras.Input((1,), name="b")
    return keras.Model([left, right], keras.layers.Add()([left, right]))


def two_arrays() -> Any:
    return {"a": ROWS[:, :1], "b": ROWS[:, 1:]}


def by_keras(model: Any, data: Any) -> Any:
    return model.predict(data, verbose=0)


@cache
def tensorflow_module() -> Any:
    import tensorflow as tf

    class Twice(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name="x")])
        def __call__(self, x: Any) -> Any:
            return x * 2

    return Twice()


def tensorflow_tensor() -> Any:
    import tensorflow as tf

    return tf.constant(ROWS)


@cache
def onnx_model() -> Any:
    from skl2onnx import to_onnx
    from sklearn.linear_model import LinearRegression

    return to_onnx(LinearRegression().fit(ROWS, Y), ROWS[:1], target_opset=17)


def by_onnx(model: Any, data: Any) -> Any:
    import onnxruntime

    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    rows = data["X"] if isinstance(data, dict) else data
    return session.run(None, {"X": np.asarray(rows, dtype="float32")})[0]


@cache
def regression() -> Any:
    import statsmodels.api

    return statsmodels.api.OLS(Y.astype(float), X).fit()


@cache
def arima_of_statsmodels() -> Any:
    from statsmodels.tsa.api import ARIMA

    return ARIMA(SERIES, order=(1, 0, 0)).fit()


@cache
def arima() -> Any:
    import pmdarima

    return pmdarima.ARIMA((1, 0, 0)).fit(SERIES)


@cache
def prophet_model() -> Any:
    import prophet

    days = pd.DataFrame({"ds": pd.date_range("2020-01-01", periods=60), "y": np.arange(60.0)})
    return prophet.Prophet(n_changepoints=2, uncertainty_samples=0).fit(days)


@cache
def categoriser() -> Any:
    import spacy

    nlp = spacy.blank("en")
    labels = nlp.add_pipe("textcat")
    labels.add_label("GOOD")
    labels.add_label("BAD")
    nlp.initialize()
    return nlp


def by_categoriser(nlp: Any, data: Any) -> Any:
    texts = data.iloc[:, 0] if isinstance(data, pd.DataFrame) else [data] if isinstance(data, str) else data
    return [[nlp(str(text)).cats[label] for label in ("GOOD", "BAD")] for text in texts]


@cache
def linear_explainer() -> Any:
    import shap
    from sklearn.linear_model import LinearRegression

    return shap.LinearExplainer(LinearRegression().fit(X, Y), X)


@cache
def tree_explainer() -> Any:
    import shap
    from sklearn.ensemble import RandomForestClassifier

    return shap.TreeExplainer(RandomForestClassifier(2, max_depth=1, random_state=0).fit(X, Y))


def by_explainer(explainer: Any, data: Any) -> Any:
    return explainer(np.asarray(data)).values


@cache
def tokenizer() -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    special = {"unk_token": "[UNK]", "pad_token": "[PAD]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    words = [*special.values(), "[MASK]", "hello", "world", "good", "bad", "day"]
    made = Tokenizer(models.WordLevel({word: place for place, word in enumerate(words)}, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=made, mask_token="[MASK]", model_max_length=16, **special)


def bert(kind: str) -> Any:
    import torch
    import transformers

    torch.manual_seed(0)
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    config = transformers.BertConfig(vocab_size=len(tokenizer()), max_position_embeddings=16, **sizes)
    return getattr(transformers, kind)(config).eval()


@cache
def classification() -> Any:
    import transformers

    return transformers.pipeline(
        "text-classification", model=bert("BertForSequenceClassification"), tokenizer=tokenizer()
    )


@cache
def mask_components() -> Any:
    return {"model": bert("BertForMaskedLM"), "tokenizer": tokenizer()}


def as_texts(data: Any) -> list[str]:
    if isinstance(data, pd.DataFrame):
        return data.iloc[:, 0].tolist()
    return [data] if isinstance(data, str) else [str(text) for text in data]


def by_classification(pipeline: Any, data: Any) -> Any:
    return [pipeline(text)[0]["score"] for text in as_texts(data)]


def by_mask(given: Any, data: Any) -> Any:
    import transformers

    pipeline = transformers.pipeline("fill-mask", **given) if isinstance(given, dict) else given
    return [pipeline(text)[0]["token_str"] for text in as_texts(data)]


@cache
def sentence_model() -> Any:
    import tempfile

    from sentence_transformers import SentenceTransformer, models

    with tempfile.TemporaryDirectory() as folder:
        bert("BertModel").save_pretrained(folder)
        tokenizer().save_pretrained(folder)
        modules = [models.Transformer(folder, max_seq_length=16), models.Pooling(8)]
        return SentenceTransformer(modules=modules, device="cpu")


def by_encoding(model: Any, data: Any) -> Any:
    return model.encode(as_texts(data))


@cache
def spark() -> Any:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    return builder.config("spark.sql.shuffle.partitions", "1").getOrCreate()


@cache
def spark_pipeline() -> Any:
    from pyspark.ml import Pipeline
    from pyspark.ml.feature import VectorAssembler
    from pyspark.ml.regression import LinearRegression

    table = spark().createDataFrame(FRAME.assign(y=Y.astype(float)))  # a session comes before any stage
    stages = [VectorAssembler(inputCols=["a", "b"], outputCol="features"), LinearRegression(labelCol="y")]
    return Pipeline(stages=stages).fit(table)


def by_spark(model: Any, data: Any) -> Any:
    given = data if hasattr(data, "sparkSession") else spark().createDataFrame(data)
    return [row.prediction for row in model.transform(given).select("prediction").collect()]


@cache
def h2o_model() -> Any:
    import h2o
    from h2o.estimators import H2OGradientBoostingEstimator

    h2o.init(nthreads=1, max_mem_size="1G", bind_to_localhost=True, verbose=False)
    h2o.no_progress()
    table = h2o.H2OFrame(FRAME.assign(y=Y.astype(float)))
    model = H2OGradientBoostingEstimator(ntrees=2, min_rows=1, model_id="sample")
    model.train(x=["a", "b"], y="y", training_frame=table)
    return model


def by_h2o(model: Any, data: Any) -> Any:
    import h2o

    return model.predict(h2o.H2OFrame(data)).as_data_frame()


@cache
def paddle_layer() -> Any:
    import paddle

    class Line(paddle.nn.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.line = paddle.nn.Linear(2, 1)

        @paddle.jit.to_static(input_spec=[paddle.static.InputSpec([None, 2], "float32")], full_graph=True)
        def forward(self, x: Any) -> Any:
            return self.line(x)

    return Line()


def by_paddle(model: Any, data: Any) -> Any:
    import paddle

    return model(paddle.to_tensor(np.asarray(data, dtype="float32"))).numpy()


def paddle_tensor() -> Any:
    import paddle

    return paddle.to_tensor(ROWS)


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

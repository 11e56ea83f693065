"""Tiny models of every framework, the data they are made of, and how each is called by its own users."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

X = np.arange(40.0).reshape(20, 2)
Y = (X.sum(1) > 39).astype(int)
FRAME = pd.DataFrame(X, columns=["a", "b"])
ROWS = X.astype("float32")
ROWS_FRAME = FRAME.astype("float32")
TEXTS = ["hello world", "bad day"]
SERIES = np.arange(30.0) + np.sin(np.arange(30))


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

    return SparkSession.builder.master("local[1]").getOrCreate()


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

    brief = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    h2o.init(nthreads=1, max_mem_size="1G", bind_to_localhost=True, verbose=False, jvm_custom_args=brief)
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

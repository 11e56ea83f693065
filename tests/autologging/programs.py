"""Programs that run under the published package and under this one; what both record is compared."""

DUMP = """
def record():
    import json
    client, found = mlflow.MlflowClient(), {}
    def files(run_id, path=None):
        for file in client.list_artifacts(run_id, path):
            yield from files(run_id, file.path) if file.is_dir else [file.path]
    for experiment in client.search_experiments():
        runs = [describe(client, run, files) for run in client.search_runs([experiment.experiment_id])]
        found[experiment.name] = sorted(runs, key=lambda run: json.dumps(run, sort_keys=True))
    print(json.dumps(found))

def describe(client, run, files):
    own = ("mlflow.autologging", "estimator_name", "estimator_class", "team")
    history = {
        key: [(point.step, point.value) for point in client.get_metric_history(run.info.run_id, key)]
        for key in run.data.metrics
        if not key.endswith("_time")
    }
    return {
        "status": run.info.status,
        "params": run.data.params,
        "metrics": history,
        "tags": {key: value for key, value in run.data.tags.items() if key in own},
        "child": "mlflow.parentRunId" in run.data.tags,
        "files": sorted(files(run.info.run_id)),
        "inputs": sorted(
            [getattr(used.dataset, name) for name in ("name", "digest", "source_type", "schema", "profile")]
            + [tag.value for tag in used.tags]
            for used in run.inputs.dataset_inputs
        ),
    }
"""

SKLEARN = (
    DUMP
    + """
import warnings
import numpy as np
import mlflow

warnings.simplefilter("ignore")
mlflow.sklearn.autolog(log_models=False, extra_tags={"team": "x"})

from sklearn.cluster import KMeans
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.decomposition import PCA
from sklearn.ensemble import VotingClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

cancer, diabetes, iris = (load(as_frame=True) for load in (load_breast_cancer, load_diabetes, load_iris))

mlflow.set_experiment("regression")
LinearRegression().fit(diabetes.data, diabetes.target)
mlflow.set_experiment("two classes, arrays")
LogisticRegression(max_iter=900).fit(cancer.data.to_numpy() / 100, cancer.target.to_numpy())
mlflow.set_experiment("three classes, weights")
DecisionTreeClassifier(max_depth=2, random_state=0).fit(iris.data, iris.target, np.linspace(0.1, 1, 150))
mlflow.set_experiment("three classes, probabilities")
LogisticRegression(max_iter=900, class_weight={0: 1.0, 1: 2.0, 2: 3.0}).fit(iris.data, iris.target)
mlflow.set_experiment("pipeline")
make_pipeline(StandardScaler(), Ridge()).fit(diabetes.data, diabetes.target)
mlflow.set_experiment("vote")
VotingClassifier([("a", SVC()), ("b", DecisionTreeClassifier(random_state=0))]).fit(iris.data, iris.target)
mlflow.set_experiment("clusters")
KMeans(2, n_init=1, random_state=0).fit_predict(iris.data)
mlflow.set_experiment("components")
PCA(2).fit_transform(iris.data)
mlflow.set_experiment("preparation")
StandardScaler().fit_transform(iris.data)
cross_val_score(SVC(), iris.data, iris.target, cv=2)
mlflow.set_experiment("search")
search = GridSearchCV(Ridge(), {"alpha": [0.1, 1, 10, 100, 1000, 10000]}, cv=2).fit(diabetes.data, diabetes.target)
search.score(diabetes.data, diabetes.target)
mlflow.set_experiment("several scores")
GridSearchCV(
    Ridge(), {"alpha": [0.1, 1]}, cv=2, scoring=["r2", "neg_mean_absolute_error"], refit="r2", return_train_score=True
).fit(diabetes.data, diabetes.target)

class Own(SVC):
    def fit(self, X, y):
        return super().fit(X, y)

mlflow.set_experiment("own class")
Own().fit(iris.data, iris.target)
mlflow.set_experiment("failure")
try:
    SVC().fit(iris.data, iris.target[:3])
except ValueError:
    pass
mlflow.set_experiment("run of the program")
with mlflow.start_run():
    SVC().fit(iris.data, iris.target)

mlflow.set_experiment("predictions")
X_train, X_test, y_train, y_test = train_test_split(iris.data, iris.target, random_state=0)
model = DecisionTreeClassifier(max_depth=2, random_state=0).fit(X_train, y_train)
predicted = model.predict(X_test)
accuracy_score(y_test, predicted)
accuracy_score(y_test, predicted, normalize=False)
confusion_matrix(y_test, predicted)
f1_score(y_test, predicted[:], average="macro")
f1_score(y_train, model.predict(X_train), average="macro")
model.score(X_test, y_test)
def inside(estimator, frame, labels):
    answers = estimator.predict(frame)
    return f1_score(labels, answers, average="macro")
inside(model, X_test, y_test)

mlflow.sklearn.autolog(log_models=False, log_datasets=False, pos_label=0, log_post_training_metrics=False)
mlflow.set_experiment("positive label")
model = LogisticRegression(max_iter=900).fit(cancer.data / 100, cancer.target)
model.score(cancer.data / 100, cancer.target)
mlflow.sklearn.autolog(log_models=False, exclusive=True, max_tuning_runs=None)
mlflow.set_experiment("exclusive")
with mlflow.start_run():
    Ridge().fit(diabetes.data, diabetes.target)
mlflow.set_experiment("all candidates")
GridSearchCV(make_pipeline(StandardScaler(), Ridge()), {"ridge__alpha": [0.1, 1]}, cv=2).fit(
    diabetes.data, diabetes.target
)
record()
"""
)

FRAMEWORK = """
import json, os, re, warnings
import numpy as np
import mlflow

warnings.simplefilter("ignore")
mlflow.autolog()
numbers = np.random.default_rng(0)

_describe = describe

def describe(client, run, files):
    models = [client.get_logged_model(output.model_id) for output in run.outputs.model_outputs]
    signed = [[model.name, mlflow.models.get_model_info(model.model_uri).signature is not None] for model in models]
    found = _describe(client, run, files)
    names = [re.sub("tfevents[.].*", "tfevents", name) for name in found["files"]]
    return found | {"models": signed, "files": names, "profiles": [profile(model) for model in models]}

def profile(model):
    path = os.path.join(mlflow.artifacts.download_artifacts(model.model_uri), "training_profile.json")
    if not os.path.exists(path):
        return None
    with open(path) as file:
        kept = json.load(file)
    return [kept["rows"], len(kept["columns"]), sorted(kept["predictions"])]
"""

XGBOOST = """
import xgboost
from sklearn.datasets import load_diabetes, load_iris
from sklearn.model_selection import GridSearchCV

diabetes, (X, y) = load_diabetes(as_frame=True), load_iris(return_X_y=True, as_frame=True)
train = xgboost.DMatrix(diabetes.data[:300], diabetes.target[:300])
valid = xgboost.DMatrix(diabetes.data[300:], diabetes.target[300:])
mlflow.set_experiment("train")
params = {"max_depth": 2, "eta": 0.9, "eval_metric": ["rmse", "mae"]}
watched = [(train, "train"), (valid, "valid")]
xgboost.train(params, train, 6, evals=watched, early_stopping_rounds=1, verbose_eval=False)
mlflow.set_experiment("estimator")
xgboost.XGBClassifier(n_estimators=3, max_depth=2).fit(X, y).score(X, y)
mlflow.xgboost.autolog(log_models=False)
mlflow.sklearn.autolog(log_models=False)
mlflow.set_experiment("search")
GridSearchCV(xgboost.XGBRegressor(n_estimators=2), {"max_depth": [1, 2]}, cv=2).fit(diabetes.data, diabetes.target)
mlflow.set_experiment("failure")
try:
    xgboost.train({"objective": "no such"}, train, 2)
except xgboost.core.XGBoostError:
    pass
"""

LIGHTGBM = """
import lightgbm
from sklearn.datasets import load_diabetes, load_iris

diabetes, (X, y) = load_diabetes(as_frame=True), load_iris(return_X_y=True, as_frame=True)
train = lightgbm.Dataset(diabetes.data[:300], diabetes.target[:300])
valid = lightgbm.Dataset(diabetes.data[300:], diabetes.target[300:], reference=train)
mlflow.set_experiment("train")
lightgbm.train({"num_leaves": 4, "verbose": -1, "objective": "regression"}, train, 5, valid_sets=[valid],
               valid_names=["valid"], callbacks=[lightgbm.early_stopping(2, verbose=False)])
mlflow.set_experiment("estimator")
lightgbm.LGBMClassifier(n_estimators=3, verbose=-1).fit(X, y).score(X, y)
"""

STATSMODELS = """
import pandas as pd
import statsmodels.api as sm
from statsmodels.tsa.arima.model import ARIMA

frame = pd.DataFrame(numbers.normal(size=(60, 2)), columns=["a", "b"])
target = frame.a * 2 - frame.b + numbers.normal(size=60)
mlflow.set_experiment("ols")
sm.OLS(target, sm.add_constant(frame)).fit(cov_type="HC3")
mlflow.set_experiment("arima")
mlflow.statsmodels.autolog(log_models=False)
ARIMA(target.to_numpy(), order=(1, 0, 0)).fit()
"""

_KERAS_MODEL = """
import keras

X = numbers.normal(size=(64, 4)).astype("float32")
y = X @ np.array([1, 2, 3, 4], dtype="float32")

def model():
    keras.utils.set_random_seed(0)
    made = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
    made.compile(optimizer=keras.optimizers.SGD(0.01), loss="mse", metrics=["mae"])
    return made
"""

TENSORFLOW = (
    "import tensorflow\n"
    + _KERAS_MODEL
    + """
mlflow.tensorflow.autolog(log_models=False)
mlflow.set_experiment("fit")
stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=0, restore_best_weights=True, min_delta=100)
model().fit(X, y, epochs=3, batch_size=16, verbose=0, validation_data=(X[:8], y[:8]), callbacks=[stop])
mlflow.tensorflow.autolog(log_models=False, checkpoint=False, log_every_n_steps=2, log_every_epoch=False)
mlflow.set_experiment("batches")
model().fit(X, y, epochs=2, batch_size=16, verbose=0)
mlflow.set_experiment("own events")
model().fit(X, y, batch_size=16, verbose=0, callbacks=[keras.callbacks.TensorBoard("events")])
mlflow.keras.autolog()
mlflow.tensorflow.autolog(disable=True)
mlflow.set_experiment("keras")
model().fit(X, y, epochs=2, batch_size=16, validation_split=0.25, verbose=0)
"""
)

KERAS = (
    _KERAS_MODEL
    + """
mlflow.set_experiment("fit")
model().fit(X, y, epochs=2, batch_size=16, validation_data=(X[:8], y[:8]), verbose=0)
mlflow.set_experiment("early")
stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=0, restore_best_weights=True, min_delta=100)
model().fit(X, y, epochs=3, batch_size=16, validation_split=0.25, callbacks=[stop], verbose=0)
mlflow.set_experiment("in batches")
class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 4

    def __getitem__(self, place):
        return X[16 * place : 16 * place + 16], y[16 * place : 16 * place + 16]

model().fit(Batches(), verbose=0)
mlflow.keras.autolog(log_models=False, log_every_n_steps=2, log_every_epoch=False, extra_tags={"team": "x"})
mlflow.set_experiment("batches")
model().fit(X, y, epochs=2, batch_size=16, verbose=0)
mlflow.keras.autolog(log_datasets=False, log_model_signatures=False)
mlflow.set_experiment("both")
model().fit(X, y, epochs=2, batch_size=16, initial_epoch=1, verbose=0)
mlflow.keras.autolog(log_models=False)
mlflow.set_experiment("in a run")
with mlflow.start_run():
    fitted = model()
    fitted.fit(X, y, batch_size=32, verbose=0)
    fitted.evaluate(X, y, verbose=0)
mlflow.keras.autolog(disable=True)
mlflow.set_experiment("disabled")
model().fit(X, y, batch_size=32, verbose=0)
"""
)

LIGHTNING = """
import logging
import torch
import lightning

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)

class Line(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(1, 1)
        self.example_input_array = torch.zeros(2, 1)

    def forward(self, x):
        return self.layer(x)

    def loss(self, batch):
        return torch.nn.functional.mse_loss(self(batch[0]), batch[1])

    def training_step(self, batch, index):
        loss = self.loss(batch)
        self.log("train_loss", loss, on_epoch=True)
        return loss

    def validation_step(self, batch, index):
        self.log("val_loss", self.loss(batch))

    def test_step(self, batch, index):
        self.log("test_loss", self.loss(batch))

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), 0.1)

xs = torch.linspace(0, 1, 32).reshape(-1, 1)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(xs, 3 * xs + 1), batch_size=8)

def trainer(epochs, **options):
    return lightning.Trainer(max_epochs=epochs, logger=False, accelerator="cpu", enable_progress_bar=False,
                             enable_model_summary=False, enable_checkpointing=False, **options)

mlflow.set_experiment("fit")
line, stop = Line(), lightning.pytorch.callbacks.EarlyStopping("val_loss", patience=5)
fitting = trainer(3, callbacks=[stop])
fitting.fit(line, loader, loader)
fitting.test(line, loader, verbose=False)
mlflow.pytorch.autolog(log_models=False, checkpoint=False, log_every_n_step=2, log_every_n_epoch=2)
mlflow.set_experiment("batches")
trainer(2).fit(Line(), loader, loader)
"""

PADDLE = """
import paddle

class Numbers(paddle.io.Dataset):
    def __init__(self, count):
        self.x = numbers.normal(size=(count, 4)).astype("float32")

    def __getitem__(self, index):
        return self.x[index], self.x[index] @ np.array([[1], [2], [3], [4]], dtype="float32")

    def __len__(self):
        return len(self.x)

def model(rate):
    spec = paddle.static.InputSpec
    made = paddle.Model(paddle.nn.Linear(4, 1), spec([None, 4], "float32", "x"), spec([None, 1], "float32", "y"))
    made.prepare(paddle.optimizer.Adam(rate, parameters=made.parameters()), paddle.nn.MSELoss())
    return made

train, valid = Numbers(64), Numbers(16)
mlflow.set_experiment("fit")
model(0.05).fit(train, valid, epochs=3, batch_size=16, verbose=0)
mlflow.paddle.autolog(log_models=False, log_every_n_epoch=2)
mlflow.set_experiment("early")
stop = paddle.callbacks.EarlyStopping("loss", patience=0, min_delta=100, verbose=0)
model(0.05).fit(train, valid, epochs=6, batch_size=16, verbose=0, callbacks=stop)
mlflow.set_experiment("schedule")
model(paddle.optimizer.lr.StepDecay(0.1, 2)).fit(train, epochs=4, batch_size=16, verbose=0)
"""

SPARK = """
from pathlib import Path
from pyspark.sql import SparkSession
from pyspark.ml import Pipeline
from pyspark.ml.classification import LogisticRegression, OneVsRest
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.feature import StandardScaler, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder, TrainValidationSplit

spark = SparkSession.builder.master("local[1]").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
rows = [(float(i), float(i % 3), 2.0 * i + i % 3, float(i % 2)) for i in range(30)]
frame = spark.createDataFrame(rows, ["a", "b", "y", "c"])
assembler = VectorAssembler(inputCols=["a", "b"], outputCol="features")
assembled = assembler.transform(frame)
line, evaluator = LinearRegression(labelCol="y", maxIter=2), RegressionEvaluator(labelCol="y")
grid = ParamGridBuilder().addGrid(line.regParam, [0.0, 0.1]).build()

mlflow.set_experiment("pipeline")
pipeline = Pipeline(stages=[assembler, line]).fit(frame)
evaluator.evaluate(pipeline.transform(frame))
predicted = pipeline.transform(frame)
evaluator.evaluate(predicted, {evaluator.metricName: "mae"})
files = mlflow.artifacts
shown = files.load_dict(mlflow.last_active_run().info.artifact_uri + "/metric_info.json")
assert shown["mae_frame"]["params"]["metricName"] == "mae", shown
mlflow.set_experiment("model")
saved = mlflow.spark.load_model(f"runs:/{mlflow.last_active_run().info.run_id}/model")
assert saved.transform(frame).count() == 30

Path("list.txt").write_text("pyspark.ml.classification.*")
mlflow.pyspark.ml.autolog(log_model_allowlist="list.txt")
mlflow.set_experiment("params")
line.fit(assembled, {line.maxIter: 3})
mlflow.set_experiment("several")
line.fit(assembled, [{line.maxIter: 1}, {line.maxIter: 2}])
StandardScaler(inputCol="features", outputCol="scaled").fit(assembled)
mlflow.set_experiment("classes")
OneVsRest(classifier=LogisticRegression(maxIter=2), labelCol="c", parallelism=2).fit(assembled)
mlflow.pyspark.ml.autolog(log_models=False)
mlflow.set_experiment("search")
CrossValidator(
    estimator=Pipeline(stages=[assembler, line]), estimatorParamMaps=grid, evaluator=evaluator, numFolds=2, seed=1,
    parallelism=2,
).fit(frame)
mlflow.set_experiment("split")
TrainValidationSplit(estimator=line, estimatorParamMaps=grid, evaluator=evaluator, seed=1).fit(assembled)
mlflow.set_experiment("names")
Pipeline(
    stages=[
        VectorAssembler(inputCols=["a"], outputCol="first"),
        VectorAssembler(inputCols=["first", "b"], outputCol="features"),
        Pipeline(stages=[line]),
    ]
).fit(frame)
mlflow.set_experiment("failure")
try:
    LinearRegression(labelCol="no such").fit(assembled)
except Exception:
    pass
"""

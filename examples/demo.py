"""Train scikit-learn models on the data sets it ships, and log everything through a tracking server.

    python examples/demo.py [--tracking-uri http://127.0.0.1:5000]

It shows a sweep with nested runs and per-epoch metrics, figures, tables, images, files and data sets as inputs, and
models that are logged, evaluated, registered and promoted. Only the public API is used, so any MLflow server can stand
at the other end. It takes about half a minute.
"""

import argparse
import itertools
import os
import tempfile
import time
from pathlib import Path

import joblib
import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from sklearn import datasets
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    ConfusionMatrixDisplay,
    accuracy_score,
    classification_report,
    log_loss,
    mean_absolute_error,
    mean_squared_error,
    r2_score,
)
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import mlflow

SEED = 7
EPOCHS = 25
REGISTERED = "breast-cancer"


def digits_sweep() -> None:
    """One parent run, a nested run for each pair of learning rate and width; the parent keeps the best."""
    images, labels = datasets.load_digits(return_X_y=True)
    split = train_test_split(images / 16.0, labels, test_size=0.25, random_state=SEED, stratify=labels)
    mlflow.set_experiment("digits")
    with mlflow.start_run(run_name="sweep", description="Learning rate × width of a small neural network") as parent:
        mlflow.log_params({"epochs": EPOCHS, "batch_size": 64, "seed": SEED})
        mlflow.log_input(mlflow.data.from_numpy(split[0], targets=split[2], name="digits"), context="training")
        results = []
        for rate, width in itertools.product((0.001, 0.01, 0.05), (16, 64)):
            with mlflow.start_run(run_name=f"lr={rate} width={width}", nested=True) as run:
                score = train_digits(split, rate, width)
                results.append({"run_id": run.info.run_id, "learning_rate": rate, "width": width, "accuracy": score})
        table = pd.DataFrame(results).sort_values("accuracy", ascending=False)
        mlflow.log_table(table, "sweep.json")
        mlflow.log_metric("best_val_accuracy", float(table["accuracy"].iloc[0]))
        mlflow.set_tags({"best_run": table["run_id"].iloc[0], "kind": "sweep"})
        print(f"digits: best of {len(table)} nested runs of {parent.info.run_name}: {table['accuracy'].iloc[0]:.3f}")


def train_digits(split: list[np.ndarray], rate: float, width: int) -> float:
    """Train one network epoch by epoch and return its last validation accuracy."""
    train, validation, train_labels, validation_labels = split
    model = MLPClassifier(
        (width,), solver="sgd", learning_rate_init=rate, momentum=0.9, batch_size=64, random_state=SEED
    )
    mlflow.log_params({"learning_rate": rate, "hidden_units": width, "model": type(model).__name__})
    classes = np.unique(train_labels)
    for epoch in range(EPOCHS):
        began = time.perf_counter()
        model.partial_fit(train, train_labels, classes=classes)
        probabilities = model.predict_proba(validation)
        metrics = {
            "train_loss": float(model.loss_),
            "val_loss": float(log_loss(validation_labels, probabilities)),
            "val_accuracy": float(accuracy_score(validation_labels, probabilities.argmax(axis=1))),
            "epoch_seconds": time.perf_counter() - began,
        }
        mlflow.log_metrics(metrics, step=epoch)
        if epoch % 8 == 0:
            mlflow.log_image(weights_as_image(model.coefs_[0]), key="first_layer", step=epoch)
    predicted = model.predict(validation)
    mlflow.log_text(classification_report(validation_labels, predicted, zero_division=0), "report.txt")
    figure, axes = plt.subplots(figsize=(5, 5))
    ConfusionMatrixDisplay.from_predictions(validation_labels, predicted, ax=axes, colorbar=False)
    mlflow.log_figure(figure, "confusion_matrix.png")
    plt.close(figure)
    return metrics["val_accuracy"]


def weights_as_image(weights: np.ndarray) -> np.ndarray:
    """Tile the first 16 columns of ``weights`` (64 × units), each an 8 × 8 filter, as one grey image."""
    filters = weights[:, :16].T.reshape(4, 4, 8, 8).transpose(0, 2, 1, 3).reshape(32, 32)
    scaled = (filters - filters.min()) / (np.ptp(filters) + 1e-12)
    return np.kron((scaled * 255).astype(np.uint8), np.ones((4, 4), dtype=np.uint8))


def wine_forest() -> None:
    """Random forests of growing size, their feature importances, and the model as a file."""
    bunch = datasets.load_wine(as_frame=True)
    mlflow.set_experiment("wine")
    for depth in (2, 4, 8):
        with mlflow.start_run(run_name=f"forest depth={depth}"):
            mlflow.log_params({"max_depth": depth, "trees": 60})
            mlflow.log_input(mlflow.data.from_pandas(bunch.frame, targets="target", name="wine"), context="training")
            model = RandomForestClassifier(warm_start=True, max_depth=depth, random_state=SEED)
            for trees in range(10, 61, 10):
                model.set_params(n_estimators=trees).fit(bunch.data, bunch.target)
                fresh = RandomForestClassifier(trees, max_depth=depth, random_state=SEED)
                score = cross_val_score(fresh, bunch.data, bunch.target, cv=3).mean()
                mlflow.log_metric("cv_accuracy", float(score), step=trees)
            importances = pd.Series(model.feature_importances_, bunch.data.columns).sort_values()
            mlflow.log_dict({name: float(value) for name, value in importances.items()}, "importances.json")
            figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
            importances.plot.barh(ax=axes, title="Feature importances")
            mlflow.log_figure(figure, "importances.png")
            plt.close(figure)
            with tempfile.TemporaryDirectory() as folder:
                joblib.dump(model, Path(folder) / "forest.joblib")
                importances.to_csv(Path(folder) / "importances.csv")
                mlflow.log_artifacts(folder, "model")
    print("wine: 3 forests")


def breast_cancer_regularisation() -> None:
    """Logistic regression over strengths of regularisation: each evaluated and registered, the best one promoted."""
    bunch = datasets.load_breast_cancer(as_frame=True)
    train, test = train_test_split(bunch.frame, test_size=0.3, random_state=SEED, stratify=bunch.target)
    mlflow.set_experiment("breast cancer")
    results = {}
    for strength in (0.001, 0.01, 0.1, 1.0, 10.0):
        with mlflow.start_run(run_name=f"C={strength}", tags={"family": "linear"}):
            mlflow.log_param("C", strength)
            model = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=500))
            model.fit(train[bunch.feature_names], train.target)
            info = mlflow.sklearn.log_model(
                model,
                name="classifier",
                input_example=train[bunch.feature_names].head(3),
                registered_model_name=REGISTERED,
            )
            evaluated = mlflow.models.evaluate(
                info.model_uri,
                test,
                targets="target",
                model_type="classifier",
                evaluator_config={"log_model_explainability": False},
            )
            results[info.registered_model_version] = evaluated.metrics["roc_auc"]
    best = max(results, key=results.__getitem__)
    promote(best, results[best])
    champion = mlflow.pyfunc.load_model(f"models:/{REGISTERED}@champion")
    right = float((champion.predict(test[bunch.feature_names]) == test.target).mean())
    print(f"breast cancer: 5 models registered; version {best} is champion, {right:.1%} of the test set right")


def promote(version: int, score: float) -> None:
    """Give a registered version the alias that serving follows, and say why."""
    client = mlflow.MlflowClient()
    client.update_registered_model(REGISTERED, description="Tells benign from malignant tumours (Wisconsin data set).")
    client.update_model_version(REGISTERED, str(version), description=f"Best ROC AUC of its sweep: {score:.4f}")
    client.set_model_version_tag(REGISTERED, str(version), "validated", "true")
    client.set_registered_model_alias(REGISTERED, "champion", str(version))


def diabetes_boosting() -> None:
    """A regression whose error is logged after every boosting stage, with a table of predictions."""
    features, target = datasets.load_diabetes(return_X_y=True, as_frame=True)
    train, test, train_target, test_target = train_test_split(features, target, test_size=0.25, random_state=SEED)
    mlflow.set_experiment("diabetes")
    for rate in (0.02, 0.05, 0.2):
        with mlflow.start_run(run_name=f"boosting rate={rate}"):
            mlflow.log_params({"learning_rate": rate, "n_estimators": 150, "max_depth": 3})
            model = GradientBoostingRegressor(learning_rate=rate, n_estimators=150, random_state=SEED)
            model.fit(train, train_target)
            stages = zip(model.staged_predict(train), model.staged_predict(test), strict=True)
            for stage, (fitted, predicted) in enumerate(stages):
                errors = {"train_mse": mean_squared_error(train_target, fitted)}
                errors["test_mse"] = mean_squared_error(test_target, predicted)
                mlflow.log_metrics({name: float(value) for name, value in errors.items()}, step=stage)
            mlflow.log_metric("r2", float(r2_score(test_target, predicted)))
            mlflow.log_metric("mae", float(mean_absolute_error(test_target, predicted)))
            mlflow.log_table({"target": test_target.tolist(), "predicted": predicted.tolist()}, "predictions.json")
    print("diabetes: 3 learning rates")


def iris_regions() -> None:
    """Decision regions of a classifier on two features, the plot as an artifact."""
    bunch = datasets.load_iris()
    petals = bunch.data[:, 2:]
    mlflow.set_experiment("iris")
    with mlflow.start_run(run_name="decision regions"):
        mlflow.log_input(mlflow.data.from_numpy(petals, targets=bunch.target, name="iris"), context="training")
        model = make_pipeline(StandardScaler(), MLPClassifier((8,), max_iter=2000, random_state=SEED))
        model.fit(petals, bunch.target)
        for step, loss in enumerate(model[-1].loss_curve_[::10]):
            mlflow.log_metric("loss", float(loss), step=step * 10)
        mlflow.log_metric("accuracy", float(model.score(petals, bunch.target)))
        xs, ys = np.meshgrid(np.linspace(0.5, 7.5, 200), np.linspace(0, 3, 200))
        regions = model.predict(np.column_stack([xs.ravel(), ys.ravel()])).reshape(xs.shape)
        figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
        axes.contourf(xs, ys, regions, alpha=0.3)
        axes.scatter(*petals.T, c=bunch.target)
        axes.set(xlabel=bunch.feature_names[2], ylabel=bunch.feature_names[3])
        mlflow.log_figure(figure, "regions.png")
        plt.close(figure)
    print("iris: decision regions")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tracking-uri", default=os.environ.get("MLFLOW_TRACKING_URI", "http://127.0.0.1:5000"))
    mlflow.set_tracking_uri(parser.parse_args().tracking_uri)
    mpl.use("agg")
    began = time.perf_counter()
    for example in (digits_sweep, wine_forest, breast_cancer_regularisation, diabetes_boosting, iris_regions):
        example()
    print(f"Trained and logged in {time.perf_counter() - began:.0f} s.")


if __name__ == "__main__":
    main()

"""A tracking store, small data sets, and models saved of them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import LinearRegression
from sklearn.naive_bayes import GaussianNB

import mlflow
from mlflow.stores import close_all
from mlflow.tracking.active_run import active_runs
from mlflow.tracking.run_log import run_log
from mlflow.tracking.session import session


@pytest.fixture(autouse=True)
def database(own_folder: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A SQLite database, set as the tracking store; no capture and no run from the test before."""
    monkeypatch.setenv("MLFLOW_CAPTURE", "false")
    monkeypatch.setenv("MLFLOW_HEARTBEAT_INTERVAL", "0")
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    mlflow.set_tracking_uri(uri)
    yield uri
    while active_runs():
        mlflow.end_run()
    session._target = None
    run_log(uri).stop()
    mlflow.set_tracking_uri("")
    close_all()


@pytest.fixture(scope="session")
def tumours() -> pd.DataFrame:
    """Two classes, 0 and 1, in the column `target`, four features; 569 rows."""
    data = load_breast_cancer(as_frame=True)
    return data.data.iloc[:, :4].assign(target=data.target)


@pytest.fixture(scope="session")
def flowers() -> pd.DataFrame:
    """Three classes in the column `target`, four features; 150 rows."""
    data = load_iris(as_frame=True)
    return data.data.assign(target=data.target)


@pytest.fixture(scope="session")
def diabetes() -> pd.DataFrame:
    """A number in the column `target`, ten features; 442 rows."""
    data = load_diabetes(as_frame=True)
    return data.data.assign(target=data.target)


@pytest.fixture
def small() -> pd.DataFrame:
    """Four rows: feature `x`, target `t`, prediction `p`, and another column."""
    return pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "t": [1, 0, 0, 1], "p": [1, 0, 1, 1], "other": [5, 6, 7, 8]})


Fit = Callable[..., Any]


@pytest.fixture(scope="session")
def fit() -> Fit:
    """A scikit-learn model of a frame with the column `target`."""

    def fitted(frame: pd.DataFrame, model: Any = None) -> Any:
        chosen = model or (LinearRegression() if frame["target"].nunique() > 10 else GaussianNB())
        return chosen.fit(frame.drop(columns="target"), frame["target"])

    return fitted


@pytest.fixture
def save(fit: Fit, tmp_path: Path) -> Callable[..., str]:
    """The path of a saved model of a frame."""

    def saved(frame: pd.DataFrame, model: Any = None) -> str:
        path = tmp_path / f"model-{len(list(tmp_path.glob('model-*')))}"
        mlflow.sklearn.save_model(fit(frame, model), path)
        return str(path)

    return saved

"""scikit-learn's estimators called with arrays: the same predictions as with tables, or tables."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import ElasticNet, LinearRegression, LogisticRegression, Ridge, SGDClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, PolynomialFeatures, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

import mlflow
from mlflow.models.bare_estimators import by_rows

NAMES = ["a", "b", "c"]
TABLE = pd.DataFrame(np.random.default_rng(0).normal(size=(80, 3)), columns=NAMES)
LABELS = (TABLE["a"] + TABLE["b"] > 0).astype(int)


class Own(LogisticRegression):
    """An estimator of a user's."""


READ_AS_ARRAYS = [
    LogisticRegression(),
    LinearRegression(),
    Ridge(),
    ElasticNet(0.1),
    SGDClassifier(random_state=0),
    LinearDiscriminantAnalysis(),
    GaussianNB(),
    KNeighborsClassifier(3),
    DecisionTreeClassifier(random_state=0),
    RandomForestClassifier(5, random_state=0),
    RandomForestRegressor(5, random_state=0),
    ExtraTreesClassifier(5, random_state=0),
    GradientBoostingRegressor(n_estimators=5, random_state=0),
    SVC(),
    KMeans(2, random_state=0, n_init=1),
    MLPClassifier((4,), solver="lbfgs", max_iter=50, random_state=0),
    make_pipeline(StandardScaler(), LogisticRegression()),
    make_pipeline(MinMaxScaler(), PolynomialFeatures(2), PCA(3), Ridge()),
    Pipeline([("scale", StandardScaler()), ("nothing", "passthrough"), ("model", GaussianNB())]),
]
WANT_TABLES = {
    "a transformer of columns": make_pipeline(
        ColumnTransformer([("scale", StandardScaler(), ["b", "a"])]), LogisticRegression()
    ),
    "a function of the user's": make_pipeline(FunctionTransformer(np.abs), LogisticRegression()),
    "a class of the user's": Own(),
    "steps that hand on tables": make_pipeline(StandardScaler(), LogisticRegression()).set_output(transform="pandas"),
    "several transformers at once": make_pipeline(FeatureUnion([("scale", StandardScaler())]), LogisticRegression()),
    "categories": HistGradientBoostingClassifier(max_iter=2),
}


@pytest.mark.parametrize("estimator", READ_AS_ARRAYS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("rows", [1, 80], ids=["one row", "many rows"])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_predictions_are_the_same_to_the_last_digit_and_nothing_is_warned_of(estimator: Any, rows: int) -> None:
    model = estimator.fit(TABLE, LABELS)
    call = by_rows(model, "predict", NAMES)
    assert call is not None
    some = TABLE[:rows]
    found, expected = call(some.to_numpy().T.copy().T), model.predict(some)
    assert (found.dtype, found.tobytes()) == (expected.dtype, expected.tobytes())
    with pytest.raises(ValueError, match="feature names should match"):  # the model itself has forgotten nothing
        model.predict(some.rename(columns={"a": "z"}))


@pytest.mark.parametrize("name", WANT_TABLES)
def test_a_model_that_may_look_at_names_gets_tables(name: str) -> None:
    assert by_rows(WANT_TABLES[name].fit(TABLE, LABELS), "predict", NAMES) is None


def test_columns_in_another_order_are_no_rows_of_the_model() -> None:
    model = LogisticRegression().fit(TABLE, LABELS)
    assert by_rows(model, "predict", ["b", "a", "c"]) is None
    assert by_rows(model, "no_such_method", NAMES) is None


def test_a_saved_model_is_called_by_the_method_that_it_was_saved_with(tmp_path: Path) -> None:
    model = LogisticRegression().fit(TABLE, LABELS)
    mlflow.sklearn.save_model(
        model, tmp_path / "m", pyfunc_predict_fn="predict_proba", pip_requirements=["scikit-learn"]
    )
    call = mlflow.pyfunc.load_model(str(tmp_path / "m")).by_rows(NAMES)
    assert call is not None
    assert call(TABLE.to_numpy()).tolist() == model.predict_proba(TABLE).tolist()

"""The plain part of skops' format: what is read is what skops reads, what is written is what skops writes.

Whatever else a file or a model holds is left to it.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.ensemble import GradientBoostingClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from mlflow.models.plain_skops import NotPlain, read_plain
from mlflow.models.plain_skops_writer import write_plain

DATA = np.arange(40.0).reshape(20, 2) % 7
CLASSES = np.array(["no", "yes"] * 10, dtype=object)
TREE = "sklearn.tree._tree.Tree"

PLAIN = {
    "logistic": LogisticRegression(),
    "pipeline": make_pipeline(StandardScaler(), SVC()),
    "encoder": make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression(C=3)),
    "clusters": KMeans(3, n_init=1, random_state=0),
    "forest": RandomForestRegressor(3, random_state=0),
    "tree": DecisionTreeClassifier(max_depth=2),
}


def stored(model: Any, name: str = "model.skops") -> Path:
    skops.io.dump(model, name)
    return Path(name)


def canonical(content: bytes) -> Any:
    """What a file says, whatever its nodes and files are called."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    numbers: dict[int, int] = {}

    def plain(node: Any) -> Any:
        if isinstance(node, list):
            return [plain(part) for part in node]
        if not isinstance(node, dict):
            return node
        named = {"__id__": lambda number: numbers.setdefault(number, len(numbers)), "file": files.__getitem__}
        return {key: named.get(key, plain)(value) for key, value in node.items()}

    return plain(json.loads(files["schema.json"])), len(files)


def changed(path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """The same file with another schema."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    schema = json.loads(content["schema.json"])
    change(schema)
    content["schema.json"] = json.dumps(schema).encode()
    with zipfile.ZipFile("changed.skops", "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return Path("changed.skops")


def same(one: Any, other: Any) -> bool:
    """Whether two objects are of the same types and values all the way down."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        if one.dtype != other.dtype or one.shape != other.shape:
            return False
        return same(one.tolist(), other.tolist())
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, BaseEstimator):
        return same(one.__getstate__(), other.__getstate__())
    if hasattr(one, "node_count"):
        return same(one.__reduce__()[1:], other.__reduce__()[1:])
    return bool(one == other) or one != one


@pytest.mark.parametrize("name", PLAIN)
def test_file_of_a_plain_model_is_what_skops_writes(name: str) -> None:
    model = PLAIN[name].fit(DATA, DATA[:, 0] if name == "forest" else CLASSES)
    content, untrusted = write_plain(model)
    assert canonical(content) == canonical(skops.io.dumps(model))
    assert untrusted == set(skops.io.get_untrusted_types(data=content))
    assert same(skops.io.loads(content, trusted=[TREE]), model)
    assert write_plain(model) == (content, untrusted)


@pytest.mark.parametrize(
    "model",
    [
        pytest.param(make_pipeline(FunctionTransformer(np.log1p), SVC()), id="function"),
        pytest.param(GradientBoostingClassifier(n_estimators=2).fit(DATA, CLASSES), id="loss"),
        pytest.param(CalibratedClassifierCV(SVC(), cv=2).fit(DATA, CLASSES), id="hidden class"),
        pytest.param(LogisticRegression(random_state=np.random.RandomState(0)), id="generator"),
        pytest.param({1: "a", "1": "b"}, id="keys that are one text"),
        pytest.param({(1, 2): 3}, id="key that is no text"),
        pytest.param({1, 2}, id="set"),
        pytest.param(np.ma.masked_array([1], [True]), id="array of another kind"),
        pytest.param(slice(np.int64(1), None), id="slice of other numbers"),
        pytest.param(np.array([object()], dtype=object), id="object in an array"),
    ],
)
def test_what_is_not_plain_is_left_for_skops_to_write(model: Any) -> None:
    with pytest.raises(NotPlain):
        write_plain(model)


def test_object_that_holds_itself_is_left_for_skops_to_refuse() -> None:
    model: list[Any] = []
    model.append(model)
    with pytest.raises(NotPlain):
        write_plain(model)


class Shifted(LogisticRegression):
    """An estimator of the user's own."""


def test_estimator_of_the_users_own_is_left_for_skops_to_write() -> None:
    with pytest.raises(NotPlain):
        write_plain(Shifted().fit(DATA, CLASSES))


@pytest.mark.parametrize("name", PLAIN)
def test_plain_model_is_what_skops_makes_of_it(name: str) -> None:
    target = DATA[:, 0] if name == "forest" else CLASSES
    path = stored(PLAIN[name].fit(DATA, target))
    assert same(read_plain(path, [TREE]), skops.io.load(path, trusted=[TREE]))


def test_plain_model_is_read_and_written_without_importing_skops() -> None:
    path = stored(LogisticRegression().fit(DATA, CLASSES))
    program = (
        "import sys; from pathlib import Path; from mlflow.models.plain_skops import read_plain; "
        "from mlflow.models.skops_files import to_skops; "
        f"to_skops(read_plain(Path({str(path)!r}), None), None, ()); "
        "print(sorted({'skops', 'pytest'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_object_that_appears_twice_is_one_object() -> None:
    shared = np.arange(3.0)
    found = read_plain(stored([shared, (shared, slice(1, None))]), None)
    assert found[0] is found[1][0]
    assert found[1][1] == slice(1, None)


@pytest.mark.parametrize(
    ("model", "trusted"),
    [
        pytest.param(make_pipeline(FunctionTransformer(np.log1p), SVC()), [TREE], id="function"),
        pytest.param(GradientBoostingClassifier(n_estimators=2), [TREE], id="loss"),
        pytest.param(RandomForestRegressor(2), [], id="tree that nobody trusts"),
    ],
)
def test_what_is_not_plain_is_left_to_skops(model: Any, trusted: list[str]) -> None:
    target = DATA[:, 0] if isinstance(model, RandomForestRegressor) else CLASSES
    path = stored(model.fit(DATA, target))
    with pytest.raises(NotPlain):
        read_plain(path, trusted)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("builtins", "eval"),
        ("sklearn.linear_model._logistic", "_LogisticRegression"),
        ("sklearn.linear_model._other", "LogisticRegression"),
        ("sklearn.base", "BaseEstimator"),
        ("sklearn.base", "clone"),
        ("sklearn.conftest", "LogisticRegression"),
        ("sklearn.utils.estimator_checks", "LogisticRegression"),
        ("sklearn.linear_model._logistic.os", "system"),
        ("sklearn.nowhere", "LogisticRegression"),
        ("sklearnish", "LogisticRegression"),
    ],
)
def test_class_that_is_no_public_estimator_is_left_to_skops(module: str, name: str) -> None:
    path = stored(LogisticRegression().fit(DATA, CLASSES))
    with pytest.raises(NotPlain):
        read_plain(changed(path, lambda schema: schema.update(__module__=module, __class__=name)), [])


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"protocol": 3}, id="a later protocol"),
        pytest.param({"protocol": True}, id="no protocol"),
        pytest.param({"__loader__": "MethodNode"}, id="a loader that runs code"),
        pytest.param({"content": None}, id="no content"),
        pytest.param(
            {"content": {"__loader__": "ListNode", "__module__": "a", "__class__": "b"}}, id="a type of its own"
        ),
    ],
)
def test_strange_file_is_left_to_skops(change: dict[str, Any]) -> None:
    path = stored(LogisticRegression().fit(DATA, CLASSES))
    with pytest.raises(NotPlain):
        read_plain(changed(path, lambda schema: schema.update(change)), [])


def test_object_that_holds_itself_is_left_to_skops() -> None:
    def hold_itself(schema: dict[str, Any]) -> None:
        schema["content"]["__id__"] = schema["__id__"]

    path = stored(LogisticRegression().fit(DATA, CLASSES))
    with pytest.raises(NotPlain):
        read_plain(changed(path, hold_itself), [])


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_file_that_is_no_archive_is_left_to_skops(content: bytes) -> None:
    Path("model.skops").write_bytes(content)
    with pytest.raises(NotPlain):
        read_plain(Path("model.skops"), [])

"""What is particular to single flavors. Run inside the frameworks' own environment, by `test_battery`."""

import json
import logging
import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import mlflow
from mlflow.data.delta_tables import DeltaReaderMissing
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.exported_program import runs_code
from mlflow.models.flavor import NotOfThisFlavor
from mlflow.models.pickle_policy import PickleRefused
from tests.flavors import small_models
from tests.flavors.samples import quiet
from tests.flavors.small_models import ROWS

pytestmark = [pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore")]

_quiet = pytest.fixture(scope="session", autouse=True)(quiet)


class Harm:
    """Pickles to a call."""

    def __reduce__(self) -> Any:
        return print, ("run",)


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "refuse")


@pytest.fixture(scope="module")
def exported_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "model"
    mlflow.pytorch.save_model(small_models.network(), folder, input_example=ROWS)
    return folder


@pytest.fixture
def exported(exported_once: Path, tmp_path: Path) -> Path:
    """A folder with an exported network, whose files nobody has the digests of."""
    folder = shutil.copytree(exported_once, tmp_path / "model")
    (folder / "digests.json").unlink()
    return folder


def rewrite(path: Path, change: Callable[[str, bytes], bytes], added: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: change(name, archive.read(name)) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (parts | added).items():
            archive.writestr(name, content)


def in_graph(old: str, new: str) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        if not name.endswith("models/model.json"):
            return content
        assert old in content.decode()
        return content.decode().replace(old, new).encode()

    return change


def unchanged(name: str, content: bytes) -> bytes:
    return content


def pickled_examples(name: str, content: bytes) -> bytes:
    return pickle.dumps(Harm()) if "sample_inputs" in name else content


@pytest.mark.usefixtures("refusing")
@pytest.mark.parametrize(
    ("change", "added"),
    [
        (in_graph("torch.ops.aten.relu.default", "torch.os.system"), {}),
        (in_graph("torch.ops.aten.relu.default", "_operator.attrgetter"), {}),
        (in_graph("Symbol(", "__import__('os').system("), {}),
        (in_graph('"guards_code": []', '"guards_code": ["print(1)"]'), {}),
        (in_graph("builtins.tuple", "somewhere.Tree"), {}),
        (pickled_examples, {}),
        (unchanged, {"model/data/constants/custom_obj_0": pickle.dumps(Harm())}),
        (unchanged, {"model/data/aotinductor/model.so": b"\x7fELF"}),
    ],
    ids=["function", "operator", "expression", "guard", "container", "examples", "object", "library"],
)
def test_exported_program_that_holds_code_needs_trust(
    exported: Path, change: Callable[[str, bytes], bytes], added: dict[str, bytes]
) -> None:
    mlflow.pytorch.load_model(str(exported))
    rewrite(exported / "data" / "model.pt2", change, added)
    with pytest.raises(PickleRefused, match=r"torch\.export"):
        mlflow.pytorch.load_model(str(exported))


def test_exported_program_of_symbolic_sizes_only_computes(tmp_path: Path) -> None:
    import torch

    class Pairs(torch.nn.Module):
        def forward(self, x: Any) -> Any:
            return torch.cat([x, x]).reshape(x.shape[0] * 2, -1).softmax(-1)[: x.shape[0] + 1]

    program = torch.export.export(Pairs(), (torch.ones(5, 2),), dynamic_shapes=[{0: torch.export.Dim.AUTO}])
    torch.export.save(program, tmp_path / "model.pt2")
    assert not runs_code(tmp_path / "model.pt2")


def test_module_that_cannot_be_exported_is_pickled(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    import torch

    class Choosing(torch.nn.Module):
        def forward(self, x: Any) -> Any:
            return x if x.sum() > 0 else -x

    with caplog.at_level(logging.INFO):
        mlflow.pytorch.save_model(Choosing(), tmp_path / "model", input_example=ROWS)
    assert (tmp_path / "model" / "data" / "model.pth").exists()
    assert "torch.export cannot trace it" in caplog.text
    with pytest.raises(InvalidParameterValue, match=r"torch\.export cannot trace it"):
        mlflow.pytorch.save_model(Choosing(), tmp_path / "other", input_example=ROWS, export_model=True)


@pytest.mark.parametrize("format", ["pth", "safetensors"])
def test_state_dictionary_fills_a_new_module(tmp_path: Path, format: str) -> None:
    import torch

    mlflow.pytorch.save_state_dict(small_models.network().state_dict(), tmp_path / "weights", format=format)
    other = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 2))
    other.load_state_dict(mlflow.pytorch.load_state_dict(str(tmp_path / "weights")))
    np.testing.assert_allclose(small_models.by_torch(other, ROWS), small_models.by_torch(small_models.network(), ROWS))


def test_state_dictionary_never_runs_code(tmp_path: Path) -> None:
    import torch

    torch.save({"weight": Harm()}, tmp_path / "state_dict.pth")
    with pytest.raises(pickle.UnpicklingError):
        mlflow.pytorch.load_state_dict(str(tmp_path))


def test_state_dictionary_is_logged_and_loaded_by_run(tmp_path: Path) -> None:
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path / 'mlflow.db'}")
    with mlflow.start_run() as run:
        mlflow.pytorch.log_state_dict(small_models.network().state_dict(), "weights")
    assert set(mlflow.pytorch.load_state_dict(f"runs:/{run.info.run_id}/weights")) == {
        "0.weight", "0.bias", "2.weight", "2.bias",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["os.system", "xgboost.build_info", "xgboost.nowhere.Booster", "builtins.dict"])
def test_manifest_names_classes_of_the_framework_alone(tmp_path: Path, name: str) -> None:
    mlflow.xgboost.save_model(small_models.booster(), tmp_path / "model")
    (tmp_path / "model" / "digests.json").unlink()
    manifest = yaml.safe_load((tmp_path / "model" / "MLmodel").read_text())
    manifest["flavors"]["xgboost"]["model_class"] = name
    (tmp_path / "model" / "MLmodel").write_text(yaml.safe_dump(manifest))
    with pytest.raises(InvalidParameterValue, match=f"names the class '{name}'"):
        mlflow.xgboost.load_model(str(tmp_path / "model"))


def test_unknown_formats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidParameterValue, match="'pmml'"):
        mlflow.xgboost.save_model(small_models.booster(), tmp_path / "model", model_format="pmml")
    with pytest.raises(InvalidParameterValue, match="'joblib'"):
        mlflow.lightgbm.save_model(small_models.light_classifier(), tmp_path / "model", serialization_format="joblib")
    with pytest.raises(InvalidParameterValue, match="'onnx'"):
        mlflow.pytorch.save_model(small_models.network(), tmp_path / "model", serialization_format="onnx")
    with pytest.raises(InvalidParameterValue, match="'speed'"):
        mlflow.onnx.save_model(small_models.onnx_model(), tmp_path / "model", onnx_session_options={"speed": 1})


def test_estimator_with_an_objective_of_the_users_own_is_pickled(tmp_path: Path) -> None:
    import lightgbm

    estimator = lightgbm.LGBMRegressor(
        n_estimators=2, min_child_samples=1, objective=lambda y, p: (p - y, np.ones_like(y)), verbose=-1
    )
    mlflow.lightgbm.save_model(estimator.fit(small_models.X, small_models.Y.astype(float)), tmp_path / "model")
    assert (tmp_path / "model" / "model.pkl").exists()
    assert mlflow.lightgbm.load_model(str(tmp_path / "model")).predict(small_models.X).shape == (20,)


def test_session_of_a_stored_onnx_model_writes_no_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    written = tmp_path / "written.onnx"
    options = {
        "optimized_model_filepath": str(written),
        "intra_op_num_threads": 1,
        "extra_session_config": {"ep.context_file_path": str(written), "session.intra_op.allow_spinning": "0"},
    }
    provider = ("CPUExecutionProvider", {"arena_extend_strategy": "kSameAsRequested"})
    mlflow.onnx.save_model(
        small_models.onnx_model(),
        tmp_path / "model",
        onnx_session_options=options,
        onnx_execution_providers=[provider],
    )
    loaded = mlflow.pyfunc.load_model(str(tmp_path / "model"))
    assert loaded.predict(small_models.X.astype("float32"))
    assert not written.exists()
    assert "ep.context_file_path, optimized_model_filepath" in caplog.text


def test_onnx_keeps_large_tensors_beside_the_model(tmp_path: Path) -> None:
    import onnx
    from onnx import TensorProto, helper

    weights = helper.make_tensor("w", TensorProto.FLOAT, [2, 600], np.ones(1200, dtype="float32").tobytes(), raw=True)
    rows = helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 2])
    sums = helper.make_tensor_value_info("z", TensorProto.FLOAT, [None, 600])
    graph = helper.make_graph([helper.make_node("MatMul", ["x", "w"], ["z"])], "g", [rows], [sums], [weights])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    mlflow.onnx.save_model(model, tmp_path / "model")
    assert len(list((tmp_path / "model").glob("*.data"))) == 1
    answer = mlflow.pyfunc.load_model(str(tmp_path / "model")).predict(ROWS)
    np.testing.assert_allclose(answer["z"][:, 0], ROWS.sum(1))
    assert isinstance(mlflow.onnx.load_model(str(tmp_path / "model")), onnx.ModelProto)
    assert model.graph.initializer[0].raw_data  # the user's model keeps its own


def test_frame_columns_are_the_inputs_of_a_model_of_several() -> None:
    from onnx import TensorProto, helper

    from mlflow.onnx import _predict, _session

    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, 1]) for name in ("a", "b")]
    output = helper.make_tensor_value_info("sum", TensorProto.FLOAT, [None, 1])
    graph = helper.make_graph([helper.make_node("Add", ["a", "b"], ["sum"])], "g", inputs, [output])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    answer = _predict(_session(model, {}), small_models.FRAME, {}, {})
    assert answer["sum"].tolist() == small_models.FRAME.sum(axis=1).tolist()
    with pytest.raises(InvalidParameterValue, match=r"\['a', 'b'\]"):
        _predict(_session(model, {}), ROWS, {}, {})


@pytest.mark.usefixtures("refusing")
def test_lambda_layers_need_trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    model = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: x * 2)])
    for flavor in (mlflow.keras, mlflow.tensorflow):
        path = tmp_path / flavor.FLAVOR_NAME
        flavor.save_model(model, path)
        with pytest.raises(PickleRefused, match="Lambda"):
            flavor.load_model(str(path))
        monkeypatch.setenv("MLFLOW_TRUSTED_MODELS", str(path))
        np.testing.assert_allclose(flavor.load_model(str(path)).predict(ROWS, verbose=0), ROWS * 2)


@pytest.mark.usefixtures("refusing")
def test_custom_objects_are_pickled_and_need_trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    class Next(keras.layers.Layer):
        def call(self, x: Any) -> Any:
            return x + 1

    model = keras.Sequential([keras.Input((2,)), Next()])
    mlflow.tensorflow.save_model(model, tmp_path / "model", custom_objects={"Next": Next})
    with pytest.raises(PickleRefused, match="custom objects"):
        mlflow.tensorflow.load_model(str(tmp_path / "model"))
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "allow")
    loaded = mlflow.tensorflow.load_model(str(tmp_path / "model"))
    np.testing.assert_allclose(loaded.predict(ROWS, verbose=0), ROWS + 1)


@pytest.mark.usefixtures("refusing")
def test_modules_with_code_of_their_own_need_trust(tmp_path: Path) -> None:
    mlflow.sentence_transformers.save_model(small_models.sentence_model(), tmp_path / "model")
    (tmp_path / "model" / "digests.json").unlink()
    listing = tmp_path / "model" / "model.sentence_transformer" / "modules.json"
    modules = json.loads(listing.read_text())
    modules[1]["type"] = "stolen.Pooling"
    listing.write_text(json.dumps(modules))
    with pytest.raises(PickleRefused, match="Python"):
        mlflow.sentence_transformers.load_model(str(tmp_path / "model"))


def test_inference_config_is_kept_and_used(tmp_path: Path) -> None:
    options = {"inference_config": {"normalize_embeddings": True}}
    mlflow.sentence_transformers.save_model(small_models.sentence_model(), tmp_path / "model", **options)
    vectors = mlflow.pyfunc.load_model(str(tmp_path / "model")).predict(small_models.TEXTS)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)


def test_embeddings_speak_the_protocol_of_language_models(tmp_path: Path) -> None:
    mlflow.sentence_transformers.save_model(small_models.sentence_model(), tmp_path / "model", task="llm/v1/embeddings")
    answer = mlflow.pyfunc.load_model(str(tmp_path / "model")).predict({"input": small_models.TEXTS})
    assert [one["index"] for one in answer["data"]] == [0, 1]
    assert answer["usage"] == {"prompt_tokens": 4, "total_tokens": 4}


def test_pipeline_keeps_options_of_its_calls_and_its_prompt(tmp_path: Path) -> None:
    import transformers

    config = transformers.GPT2Config(vocab_size=10, n_embd=8, n_layer=1, n_head=2, n_positions=16, eos_token_id=3)
    pipeline = transformers.pipeline(
        "text-generation", model=transformers.GPT2LMHeadModel(config), tokenizer=small_models.tokenizer()
    )
    mlflow.transformers.save_model(
        pipeline, tmp_path / "model", model_config={"max_new_tokens": 2}, prompt_template="good {prompt} day"
    )
    function = mlflow.pyfunc.load_model(str(tmp_path / "model"))
    assert function.predict("hello")[0].startswith("good hello day")
    with pytest.raises(InvalidParameterValue, match="no place for it"):
        mlflow.transformers.save_model(pipeline, tmp_path / "other", prompt_template="no place for it")


def test_components_load_apart(tmp_path: Path) -> None:
    mlflow.transformers.save_model(small_models.classification(), tmp_path / "model")
    parts = mlflow.transformers.load_model(str(tmp_path / "model"), return_type="components")
    assert parts.keys() == {"task", "dtype", "model", "tokenizer"}


def test_checkpoint_folder_is_saved_as_a_pipeline(tmp_path: Path) -> None:
    small_models.classification().save_pretrained(tmp_path / "checkpoint")
    mlflow.transformers.save_model(str(tmp_path / "checkpoint"), tmp_path / "model", task="text-classification")
    loaded = mlflow.transformers.load_model(str(tmp_path / "model"))
    assert type(loaded).__name__ == "TextClassificationPipeline"
    with pytest.raises(NotOfThisFlavor, match="together with task"):
        mlflow.transformers.save_model(str(tmp_path / "checkpoint"), tmp_path / "other")


def test_pipeline_without_a_text_categoriser_is_no_function(tmp_path: Path) -> None:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    mlflow.spacy.save_model(nlp, tmp_path / "model")
    assert "python_function" not in mlflow.models.Model.load(tmp_path / "model").flavors
    assert mlflow.spacy.load_model(str(tmp_path / "model")).pipe_names == ["sentencizer"]


def test_forecast_asks_for_one_row(tmp_path: Path) -> None:
    mlflow.pmdarima.save_model(small_models.arima(), tmp_path / "model")
    function = mlflow.pyfunc.load_model(str(tmp_path / "model"))
    interval = function.predict({"n_periods": 2, "return_conf_int": True, "alpha": 0.1})
    assert list(interval.columns) == ["yhat", "yhat_lower", "yhat_upper"]
    with pytest.raises(InvalidParameterValue, match="n_periods"):
        function.predict(small_models.FRAME)
    mlflow.statsmodels.save_model(small_models.arima_of_statsmodels(), tmp_path / "series")
    with pytest.raises(InvalidParameterValue, match="start and end"):
        mlflow.pyfunc.load_model(str(tmp_path / "series")).predict(small_models.FRAME)


def test_explanation_is_logged_with_values_and_plot(tmp_path: Path) -> None:
    from sklearn.linear_model import LinearRegression

    mlflow.set_tracking_uri(f"sqlite:///{tmp_path / 'mlflow.db'}")
    model = LinearRegression().fit(small_models.FRAME, small_models.Y)
    with mlflow.start_run():
        uri = mlflow.shap.log_explanation(model.predict, small_models.FRAME)
    assert uri.endswith("/model_explanations_shap")
    folder = Path(mlflow.artifacts.download_artifacts(uri))
    assert np.load(folder / "shap_values.npy").shape == (20, 2)
    total = np.load(folder / "shap_values.npy").sum(1) + np.load(folder / "base_values.npy")
    np.testing.assert_allclose(total, model.predict(small_models.FRAME), rtol=1e-6)
    assert (folder / "summary_bar_plot.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.skipif(shutil.which("java") is None, reason="needs Java")
def test_spark_without_delta_lake_names_its_jar() -> None:
    small_models.spark()
    with pytest.raises(DeltaReaderMissing, match=r"io\.delta:delta-spark_2\.13"):
        mlflow.data.load_delta("somewhere")


@pytest.mark.skipif(shutil.which("java") is None, reason="needs Java")
def test_what_spark_reads_is_noted_on_the_run_that_is_open(tmp_path: Path) -> None:
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path / 'mlflow.db'}")
    session = small_models.spark()
    files = {form: (tmp_path / form).as_uri().replace("file:///", "file:/") for form in ("csv", "parquet", "json")}
    for form, place in files.items():
        session.range(3).write.format(form).save(place)
    csv, parquet, json_ = (f"path={place},format={form}" for form, place in files.items())
    read = {form: session.read.format(form).load(place) for form, place in files.items()}
    told = noted_sources()
    mlflow.spark.autolog()
    mlflow.spark.autolog()
    with mlflow.start_run() as run:
        read["csv"].collect()
        read["parquet"].union(read["csv"].selectExpr("int(_c0)")).write.format("noop").mode("append").save()
    assert told(run) == [csv, parquet]
    read["json"].count()
    session.range(9).count()
    assert json_ in told(None)
    with mlflow.start_run() as later:
        pass
    with mlflow.start_run() as last:
        pass
    assert (told(later), told(last)) == ([json_], [])
    mlflow.spark.autolog(disable=True)
    with mlflow.start_run() as deaf:
        read["csv"].collect()
    assert told(deaf) == []


def noted_sources() -> Callable[[mlflow.ActiveRun | None], list[str]]:
    """Which sources a run, or without one the next run, is said to have, once Spark has told all."""
    from pyspark.sql import SparkSession

    from mlflow.autologging.pyspark import sources

    bus = SparkSession.getActiveSession().sparkContext._jsc.sc().listenerBus()

    def told(run: mlflow.ActiveRun | None) -> list[str]:
        bus.waitUntilEmpty(60_000)
        if run is None:
            return list(sources._unclaimed)
        mlflow.flush_async_logging()
        return mlflow.get_run(run.info.run_id).data.tags.get(sources.READ_BY_SPARK, "").splitlines()

    return told

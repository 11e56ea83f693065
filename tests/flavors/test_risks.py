"""What in the files of a model counts as code, where the manifest calls it safe."""

import json
from pathlib import Path

import pytest

from mlflow.sentence_transformers import FLAVOR as SENTENCES
from mlflow.spark import FLAVOR as SPARK


@pytest.mark.parametrize(
    ("metadata", "risk"),
    [
        ('{"class": "org.apache.spark.ml.PipelineModel"}\n', False),
        ('{"class": "pyspark.ml.classification.LogisticRegressionModel"}\n', False),
        ('{"class": "joblib.numpy_pickle"}\n', True),
        ('{"class": "org.apache.spark.mlevil.Stage"}\n', True),
        ("[]\n", True),
        ("{", True),
    ],
)
def test_a_stage_of_spark_that_names_another_class_counts_as_code(tmp_path: Path, metadata: str, risk: bool) -> None:
    own = json.dumps({"class": "org.apache.spark.ml.PipelineModel"})
    for place, text in (("metadata", own), ("stages/0_a/metadata", metadata)):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "part-00000").write_text(text)
    assert bool(SPARK.runs_code(tmp_path)) is risk


@pytest.mark.parametrize(
    ("modules", "files", "risk"),
    [
        ('[{"type": "sentence_transformers.models.Transformer"}]', ["model.safetensors"], ""),
        ('[{"type": "sentence_transformers.models.Transformer"}]', ["pytorch_model.bin"], "pickle"),
        ('[{"type": "custom.Module"}]', [], "Python"),
        ('["sentence_transformers.models.Transformer"]', [], "Python"),
        ("{", [], "Python"),
    ],
)
def test_modules_and_weights_of_a_sentence_transformer_tell(
    tmp_path: Path, modules: str, files: list[str], risk: str
) -> None:
    (tmp_path / "modules.json").write_text(modules)
    for name in files:
        (tmp_path / name).write_bytes(b"")
    assert SENTENCES.runs_code(tmp_path) == risk

"""spaCy's MLflow logger, of spacy-loggers, logs configuration and scores of a training."""

import pytest

from tests.fixtures.foreign import Program
from tests.fixtures.servers import TrackingServer
from tests.integration.recorded import history, runs_of

pytestmark = [pytest.mark.frameworks, pytest.mark.timeout(300)]

PROGRAM = """
import io, sys
import spacy
from spacy_loggers.mlflow import mlflow_logger_v2

language = spacy.blank("en")
classifier = language.add_pipe("textcat")
classifier.add_label("good")
classifier.add_label("bad")

start = mlflow_logger_v2(run_name="spacy", experiment_id="0", tags={"team": "a"})
step, finish = start(language, io.StringIO(), io.StringIO())
for number in range(3):
    step({"epoch": 0, "step": number, "score": number / 4, "other_scores": {"cats_score": number / 4},
          "losses": {"textcat": 1.0 / (number + 1)}, "checkpoints": [], "seconds": 1, "words": 1})
finish()
"""


def test_spacy_logs_configuration_scores_and_losses(tracking_server: TrackingServer, run_frameworks: Program) -> None:
    run_frameworks(PROGRAM, {"MLFLOW_TRACKING_URI": tracking_server.url}, 250, "estimators")
    run = next(run for run in runs_of(tracking_server.url, "Default") if run["name"] == "spacy")
    assert run["status"] == "FINISHED"
    assert run["tags"]["team"] == "a"
    assert run["params"]["nlp.lang"] == "en"
    # it names no steps, so points of one moment have no order
    assert sorted(history(tracking_server.url, run["id"], "loss_textcat")) == [1 / 3, 1 / 2, 1.0]

"""transformers' MLflowCallback logs arguments, losses and the status of a training."""

import pytest

from tests.fixtures.foreign import Program
from tests.fixtures.servers import TrackingServer
from tests.integration.recorded import history, runs_of

pytestmark = [pytest.mark.frameworks, pytest.mark.timeout(300)]

PROGRAM = """
import mlflow, torch
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

mlflow.autolog()
torch.manual_seed(0)
config = BertConfig(vocab_size=20, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8)
examples = [{"input_ids": torch.tensor([1, 2, 3]), "labels": torch.tensor(number % 2)} for number in range(8)]
arguments = TrainingArguments("out", max_steps=4, logging_steps=1, per_device_train_batch_size=4, report_to=["mlflow"],
                              use_cpu=True, disable_tqdm=True, save_strategy="no", run_name="tiny")
Trainer(BertForSequenceClassification(config), arguments, train_dataset=examples).train()
"""


def test_transformers_logs_arguments_and_losses(tracking_server: TrackingServer, run_frameworks: Program) -> None:
    environment = {
        "MLFLOW_TRACKING_URI": tracking_server.url,
        "MLFLOW_EXPERIMENT_NAME": "transformers",
        "MLFLOW_TAGS": '{"team": "a"}',
    }
    run_frameworks(PROGRAM, environment, 250, "torch")
    (run,) = runs_of(tracking_server.url, "transformers")
    assert (run["status"], run["name"], run["tags"]["team"]) == ("FINISHED", "tiny", "a")
    assert {"max_steps": "4", "vocab_size": "20", "hidden_size": "8"}.items() <= run["params"].items()
    assert len(history(tracking_server.url, run["id"], "loss")) == 4

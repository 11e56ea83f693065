"""What every store does with inputs and outputs of runs."""

from __future__ import annotations

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY
from mlflow.contract.inputs import DatasetLineage, MeasuredModel
from mlflow.contract.store import TrackingStore
from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.dataset_summary import DatasetSummary
from mlflow.entities.input_tag import InputTag
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.entities.metric import Metric
from mlflow.exceptions import InvalidParameterValue, PermissionDenied, ResourceDoesNotExist
from mlflow.testing.fixtures import Suite, reader_of

__all__ = ["InputsSuite"]


def _use(name: str, digest: str = "d1", context: str = "training", source: str = "s") -> DatasetInput:
    return DatasetInput(Dataset(name, digest, "local", source), [InputTag("mlflow.data.context", context)])


class InputsSuite(Suite):
    """Inputs and outputs."""

    def test_inputs_come_back_with_their_tags(self, store: TrackingStore, run_id: str) -> None:
        dataset = Dataset("train", "abc", "local", "/data", '{"a": 1}', '{"rows": 3}')
        use = DatasetInput(dataset, [InputTag("mlflow.data.context", "training"), InputTag("x", "y")])
        store.inputs.log_inputs(EVERYONE, run_id, [use], [LoggedModelInput("m-1")])
        inputs = store.runs.get_run(EVERYONE, run_id).inputs
        assert inputs.dataset_inputs == [use]
        assert inputs.model_inputs == [LoggedModelInput("m-1")]

    def test_first_record_of_a_dataset_and_first_link_stay(self, store: TrackingStore, run_id: str) -> None:
        store.inputs.log_inputs(EVERYONE, run_id, [_use("d", source="first")])
        store.inputs.log_inputs(EVERYONE, run_id, [_use("d", source="second", context="eval")])
        assert store.runs.get_run(EVERYONE, run_id).inputs.dataset_inputs == [_use("d", source="first")]

    def test_dataset_is_shared_by_runs_of_an_experiment_only(self, store: TrackingStore, experiment_id: str) -> None:
        first, second = self.make_run(store, experiment_id), self.make_run(store, experiment_id)
        store.inputs.log_inputs(EVERYONE, first, [_use("d", source="first")])
        store.inputs.log_inputs(EVERYONE, second, [_use("d", source="second")])
        (use,) = store.runs.get_run(EVERYONE, second).inputs.dataset_inputs
        assert use.dataset.source == "first"
        other = self.make_run(store, store.experiments.create_experiment(EVERYONE, f"other of {experiment_id}"))
        store.inputs.log_inputs(EVERYONE, other, [_use("d", source="third")])
        assert store.runs.get_run(EVERYONE, other).inputs.dataset_inputs[0].dataset.source == "third"

    def test_dataset_without_members_is_stored_empty(self, store: TrackingStore, run_id: str) -> None:
        store.inputs.log_inputs(EVERYONE, run_id, [DatasetInput(Dataset())])
        assert store.runs.get_run(EVERYONE, run_id).inputs.dataset_inputs == [DatasetInput(Dataset())]

    def test_no_inputs_are_fine_but_need_the_run(self, store: TrackingStore, run_id: str) -> None:
        store.inputs.log_inputs(EVERYONE, run_id, [])
        with pytest.raises(ResourceDoesNotExist):
            store.inputs.log_inputs(EVERYONE, "f" * 32, [])

    @pytest.mark.parametrize(
        "dataset",
        [
            pytest.param(Dataset("n" * 501, "d"), id="name"),
            pytest.param(Dataset("n", "d" * 37), id="digest"),
            pytest.param(Dataset("n", "d", "local", "s" * 65536), id="source"),
        ],
    )
    def test_too_long_member_is_refused(self, store: TrackingStore, run_id: str, dataset: Dataset) -> None:
        with pytest.raises(InvalidParameterValue, match="shorten"):
            store.inputs.log_inputs(EVERYONE, run_id, [_use("fine"), DatasetInput(dataset)])
        assert store.runs.get_run(EVERYONE, run_id).inputs.dataset_inputs == []

    def test_outputs_come_back_with_their_step(self, store: TrackingStore, run_id: str) -> None:
        outputs = [LoggedModelOutput("m-1", 3), LoggedModelOutput("m-2", 0)]
        store.inputs.log_outputs(EVERYONE, run_id, outputs)
        assert store.runs.get_run(EVERYONE, run_id).outputs.model_outputs == outputs

    def test_outputs_without_models_are_refused(self, store: TrackingStore, run_id: str) -> None:
        with pytest.raises(InvalidParameterValue, match="models"):
            store.inputs.log_outputs(EVERYONE, run_id, [])

    def test_datasets_of_an_experiment_are_listed_by_name(self, store: TrackingStore, experiment_id: str) -> None:
        run_id = self.make_run(store, experiment_id)
        untagged = DatasetInput(Dataset("b", "d2"))
        store.inputs.log_inputs(EVERYONE, run_id, [_use("c"), _use("a", context="eval"), untagged])
        assert store.inputs.search_datasets(EVERYONE, [experiment_id]) == [
            DatasetSummary(experiment_id, "a", "d1", "eval"),
            DatasetSummary(experiment_id, "b", "d2"),
            DatasetSummary(experiment_id, "c", "d1", "training"),
        ]

    def test_lineage_tells_runs_and_models_of_a_dataset(self, store: TrackingStore, experiment_id: str) -> None:
        name = f"data of {experiment_id}"
        first, second = self.make_run(store, experiment_id, 1), self.make_run(store, experiment_id, 2)
        store.inputs.log_inputs(EVERYONE, first, [_use(name)])
        store.inputs.log_inputs(EVERYONE, second, [_use(name, context="eval")])
        model = store.logged_models.create_logged_model(EVERYONE, experiment_id, "net")
        store.inputs.log_outputs(EVERYONE, first, [LoggedModelOutput(model.model_id, 0)])
        points = [Metric("acc", value, time, 0, model.model_id, name, "d1") for time, value in ((1, 0.5), (2, 0.75))]
        store.runs.log_batch(EVERYONE, second, [*points, Metric("other", 1.0, 1, 0, model.model_id)])
        lineage = store.inputs.get_dataset_lineage(EVERYONE, name, "d1")
        assert lineage.datasets == {experiment_id: _use(name).dataset}
        assert [(use.run_id, use.context) for use in lineage.runs] == [(second, "eval"), (first, "training")]
        assert lineage.models == [MeasuredModel(experiment_id, model.model_id, "net", {"acc": 0.75})]
        assert lineage.made == [model.model_id]
        assert store.inputs.get_dataset_lineage(EVERYONE, name, "other") == DatasetLineage()
        assert store.inputs.get_dataset_lineage(NOBODY, name, "d1") == DatasetLineage()

    @pytest.mark.parametrize("count", [0, 21])
    def test_search_of_datasets_takes_1_to_20_experiments(self, store: TrackingStore, count: int) -> None:
        with pytest.raises(InvalidParameterValue, match="experiment_ids"):
            store.inputs.search_datasets(EVERYONE, ["0"] * count)

    def test_who_may_not_edit_logs_no_inputs(self, store: TrackingStore, experiment_id: str, run_id: str) -> None:
        for caller in (NOBODY, reader_of(experiment_id)):
            with pytest.raises(PermissionDenied):
                store.inputs.log_inputs(caller, run_id, [_use("d")])
            with pytest.raises(PermissionDenied):
                store.inputs.log_outputs(caller, run_id, [LoggedModelOutput("m-1")])
        store.inputs.log_inputs(EVERYONE, run_id, [_use("d")])
        assert store.inputs.search_datasets(NOBODY, [experiment_id]) == []
        assert len(store.inputs.search_datasets(reader_of(experiment_id), [experiment_id])) == 1

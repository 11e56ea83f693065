"""What every store does with experiments."""

from __future__ import annotations

import time

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY
from mlflow.contract.store import TrackingStore
from mlflow.entities.experiment_tag import ExperimentTag
from mlflow.exceptions import (
    BadRequest,
    InvalidParameterValue,
    InvalidState,
    PermissionDenied,
    ResourceAlreadyExists,
    ResourceDoesNotExist,
)
from mlflow.testing.fixtures import Suite, reader_of, unique

__all__ = ["ExperimentsSuite"]

ODD_NAMES = [
    pytest.param("a/b:c", id="slashes"),
    pytest.param("実験 🧪 ä", id="unicode"),
    pytest.param("e\u0301 and \u00e9", id="combining"),
    pytest.param("'; DROP TABLE runs; --", id="quotes"),
    pytest.param("50 % of _x_ \\", id="wildcards"),
]


class ExperimentsSuite(Suite):
    """Experiments."""

    def test_activity_counts_runs_days_and_people(self, store: TrackingStore, experiment_id: str) -> None:
        day, now = 24 * 60 * 60 * 1000, time.time_ns() // 1_000_000
        for age, user in ((0, "ana"), (0, "bo"), (3, "ana"), (20, "cy"), (1, "")):
            run = store.runs.create_run(EVERYONE, experiment_id, user, start_time=now - age * day - 1000)
            if age:
                store.runs.update_run(EVERYONE, run.info.run_id, "FINISHED", now - age * day)
        deleted = store.runs.create_run(EVERYONE, experiment_id, "di", start_time=now)
        store.runs.delete_run(EVERYONE, deleted.info.run_id)
        (found,) = store.experiments.get_activity(EVERYONE, [experiment_id])
        assert (found.experiment_id, found.runs, found.running, found.last) == (experiment_id, 5, 2, now - 1000)
        assert found.days == [0] * 10 + [1, 0, 1, 2]
        assert found.users == ["ana", "bo", "cy"]
        (trash,) = store.experiments.get_activity(EVERYONE, [experiment_id], "DELETED_ONLY")
        assert (trash.runs, trash.users) == (1, ["di"])

    def test_activity_keeps_the_order_and_leaves_out_what_is_not_there(self, store: TrackingStore) -> None:
        one, two = (store.experiments.create_experiment(EVERYONE, unique()) for _ in range(2))
        found = store.experiments.get_activity(EVERYONE, [two, "999999999", one])
        assert [activity.experiment_id for activity in found] == [two, one]
        assert (found[0].runs, found[0].last, found[0].days, found[0].users) == (0, None, [0] * 14, [])
        with pytest.raises(InvalidParameterValue, match="1000"):
            store.experiments.get_activity(EVERYONE, [str(number) for number in range(1001)])

    def test_experiments_are_ordered_by_their_latest_run(self, store: TrackingStore) -> None:
        prefix = unique()
        names = [f"{prefix}-{number}" for number in range(4)]
        ids = [store.experiments.create_experiment(EVERYONE, name) for name in names]
        future = 4_000_000_000_000  # after the creation of all
        for number, start in ((0, future + 2), (0, future), (2, future + 3), (3, future + 1)):
            store.runs.create_run(EVERYONE, ids[number], start_time=start)
        store.runs.delete_run(EVERYONE, store.runs.create_run(EVERYONE, ids[1], start_time=future + 9).info.run_id)
        order, named = ["last_run_time DESC"], f"name LIKE '{prefix}%'"
        first = store.experiments.search_experiments(EVERYONE, 3, filter=named, order_by=order)
        rest = store.experiments.search_experiments(EVERYONE, 3, first.token or "", filter=named, order_by=order)
        assert [one.name for one in [*first, *rest]] == [names[number] for number in (2, 0, 3, 1)]
        late = store.experiments.search_experiments(EVERYONE, 9, filter=f"{named} AND last_run_time > {future + 1}")
        assert {one.name for one in late} == {names[0], names[2]}

    def test_experiments_are_found_by_any_tag_and_by_their_description(self, store: TrackingStore) -> None:
        word = unique()
        tags = {"value": ("team", f"the {word}!"), "key": (f"{word}-team", "x"), "none": ("team", "vision")}
        tags |= {"described": ("mlflow.note.content", f"of {word}"), "system's": ("mlflow.user", word)}
        for name, (key, value) in tags.items():
            store.experiments.create_experiment(EVERYONE, f"{name} {unique()}", tags=[ExperimentTag(key, value)])
        asked = f"any_tag ILIKE '%{word.upper()}%' OR name = 'absent'"
        found = store.experiments.search_experiments(EVERYONE, 9, filter=asked)
        assert {one.name.split()[0] for one in found} == {"value", "key", "described"}
        with pytest.raises(InvalidParameterValue, match="any_tag"):
            store.experiments.search_experiments(EVERYONE, 9, order_by=["any_tag"])

    def test_default_experiment_exists_from_the_start(self, store: TrackingStore) -> None:
        default = store.experiments.get_experiment(EVERYONE, "0")
        assert (default.experiment_id, default.name, default.lifecycle_stage) == ("0", "Default", "active")

    def test_created_experiment_is_found_by_id_and_by_name(self, store: TrackingStore) -> None:
        name = unique()
        experiment_id = store.experiments.create_experiment(EVERYONE, name, tags=[ExperimentTag("k", "v")])
        found = store.experiments.get_experiment(EVERYONE, experiment_id)
        assert found == store.experiments.get_experiment_by_name(EVERYONE, name)
        assert (found.name, found.tags, found.lifecycle_stage, found.workspace) == (
            name,
            {"k": "v"},
            "active",
            "default",
        )
        assert found.creation_time == found.last_update_time
        assert experiment_id.isdecimal()

    def test_artifacts_lie_below_the_root_by_experiment_id(self, store: TrackingStore, experiment_id: str) -> None:
        location = store.experiments.get_experiment(EVERYONE, experiment_id).artifact_location
        assert location.endswith(f"/{experiment_id}")

    def test_artifact_location_is_stored_as_given(self, store: TrackingStore) -> None:
        experiment_id = store.experiments.create_experiment(EVERYONE, unique(), "s3://bucket/folder")
        assert store.experiments.get_experiment(EVERYONE, experiment_id).artifact_location == "s3://bucket/folder"

    @pytest.mark.parametrize("suffix", ODD_NAMES)
    def test_odd_names_come_back_unchanged(self, store: TrackingStore, suffix: str) -> None:
        name = f"{unique()} {suffix}"
        experiment_id = store.experiments.create_experiment(EVERYONE, name)
        assert store.experiments.get_experiment_by_name(EVERYONE, name).experiment_id == experiment_id
        assert store.experiments.get_experiment(EVERYONE, experiment_id).name == name

    def test_names_that_differ_in_case_or_trailing_space_are_different(self, store: TrackingStore) -> None:
        name = unique("name")
        ids = {store.experiments.create_experiment(EVERYONE, each) for each in (name, name.upper(), f"{name} ")}
        assert len(ids) == 3
        assert store.experiments.get_experiment_by_name(EVERYONE, f"{name} ").name == f"{name} "

    def test_taken_name_is_refused_also_when_deleted(self, store: TrackingStore) -> None:
        name = unique()
        experiment_id = store.experiments.create_experiment(EVERYONE, name)
        with pytest.raises(ResourceAlreadyExists, match=name):
            store.experiments.create_experiment(EVERYONE, name)
        store.experiments.delete_experiment(EVERYONE, experiment_id)
        with pytest.raises(ResourceAlreadyExists):
            store.experiments.create_experiment(EVERYONE, name)

    @pytest.mark.parametrize("name", [pytest.param("   ", id="blank"), pytest.param("x" * 501, id="long")])
    def test_unacceptable_name_is_refused(self, store: TrackingStore, name: str) -> None:
        with pytest.raises(InvalidParameterValue):
            store.experiments.create_experiment(EVERYONE, name)

    def test_too_long_tag_is_refused_and_nothing_is_created(self, store: TrackingStore) -> None:
        name = unique()
        with pytest.raises(InvalidParameterValue, match="20001"):
            store.experiments.create_experiment(EVERYONE, name, tags=[ExperimentTag("k", "x" * 20001)])
        with pytest.raises(ResourceDoesNotExist):
            store.experiments.get_experiment_by_name(EVERYONE, name)

    @pytest.mark.parametrize("experiment_id", ["999999999", "9" * 40, "-5"])
    def test_unknown_experiment_is_not_found(self, store: TrackingStore, experiment_id: str) -> None:
        with pytest.raises(ResourceDoesNotExist, match=experiment_id):
            store.experiments.get_experiment(EVERYONE, experiment_id)

    @pytest.mark.parametrize("experiment_id", ["abc", "1.5", "1; --", "٣"])
    def test_id_that_is_no_number_is_refused(self, store: TrackingStore, experiment_id: str) -> None:
        with pytest.raises(InvalidParameterValue, match="must be a valid integer"):
            store.experiments.get_experiment(EVERYONE, experiment_id)

    def test_renamed_experiment_keeps_its_id(self, store: TrackingStore, experiment_id: str) -> None:
        name = unique("new")
        before = store.experiments.get_experiment(EVERYONE, experiment_id)
        store.experiments.update_experiment(EVERYONE, experiment_id, name)
        store.experiments.update_experiment(EVERYONE, experiment_id, name)
        after = store.experiments.get_experiment_by_name(EVERYONE, name)
        assert after.experiment_id == experiment_id
        assert (after.last_update_time or 0) >= (before.last_update_time or 0)

    def test_renaming_to_a_taken_name_is_a_bad_request(self, store: TrackingStore, experiment_id: str) -> None:
        with pytest.raises(BadRequest, match="Default"):
            store.experiments.update_experiment(EVERYONE, experiment_id, "Default")

    def test_deleted_experiment_cannot_be_renamed(self, store: TrackingStore, experiment_id: str) -> None:
        store.experiments.delete_experiment(EVERYONE, experiment_id)
        with pytest.raises(InvalidState, match="Cannot rename a non-active experiment"):
            store.experiments.update_experiment(EVERYONE, experiment_id, unique())

    def test_deleting_takes_the_runs_along_and_restoring_brings_all_back(
        self, store: TrackingStore, experiment_id: str
    ) -> None:
        first, second = (self.make_run(store, experiment_id) for _ in range(2))
        store.runs.delete_run(EVERYONE, first)
        store.experiments.delete_experiment(EVERYONE, experiment_id)
        assert store.experiments.get_experiment(EVERYONE, experiment_id).lifecycle_stage == "deleted"
        assert store.runs.get_run(EVERYONE, second).info.lifecycle_stage == "deleted"
        store.experiments.restore_experiment(EVERYONE, experiment_id)
        stages = {store.runs.get_run(EVERYONE, each).info.lifecycle_stage for each in (first, second)}
        assert stages == {"active"}

    def test_deleting_twice_and_restoring_an_active_one_are_not_found(
        self, store: TrackingStore, experiment_id: str
    ) -> None:
        with pytest.raises(ResourceDoesNotExist):
            store.experiments.restore_experiment(EVERYONE, experiment_id)
        store.experiments.delete_experiment(EVERYONE, experiment_id)
        with pytest.raises(ResourceDoesNotExist):
            store.experiments.delete_experiment(EVERYONE, experiment_id)

    def test_tag_is_set_overwritten_and_removed(self, store: TrackingStore, experiment_id: str) -> None:
        store.experiments.set_experiment_tag(EVERYONE, experiment_id, "k", "1")
        store.experiments.set_experiment_tag(EVERYONE, experiment_id, "k", "2")
        store.experiments.set_experiment_tag(EVERYONE, experiment_id, "K")
        assert store.experiments.get_experiment(EVERYONE, experiment_id).tags == {"k": "2", "K": ""}
        store.experiments.delete_experiment_tag(EVERYONE, experiment_id, "k")
        assert store.experiments.get_experiment(EVERYONE, experiment_id).tags == {"K": ""}
        with pytest.raises(ResourceDoesNotExist, match="'k'"):
            store.experiments.delete_experiment_tag(EVERYONE, experiment_id, "k")

    def test_tags_of_a_deleted_experiment_cannot_change(self, store: TrackingStore, experiment_id: str) -> None:
        store.experiments.delete_experiment(EVERYONE, experiment_id)
        with pytest.raises(InvalidParameterValue, match="must be in the 'active' state"):
            store.experiments.set_experiment_tag(EVERYONE, experiment_id, "k", "1")

    def test_pages_give_each_experiment_once(self, store: TrackingStore) -> None:
        prefix = unique("page")
        made = [store.experiments.create_experiment(EVERYONE, f"{prefix}-{number}") for number in range(5)]
        found, token = [], ""
        while True:
            page = store.experiments.search_experiments(EVERYONE, 2, token, f"name LIKE '{prefix}%'", ["name DESC"])
            found += [experiment.experiment_id for experiment in page]
            token = page.token or ""
            if not token:
                break
        assert found == made[::-1]

    @pytest.mark.parametrize(
        ("filter", "expected"),
        [
            ("tags.color = 'red'", {"a"}),
            ("tags.color != 'red'", {"b"}),
            ("NOT tags.color = 'red'", {"b", "c"}),
            ("tags.color IS NULL", {"c"}),
            ("tags.color ILIKE 'R%'", {"a"}),
            ("tags.color LIKE 'R%'", set()),
            ("tags.color = 'red' OR tags.color = 'blue'", {"a", "b"}),
            ("creation_time > 0 AND tags.color IS NOT NULL", {"a", "b"}),
        ],
    )
    def test_filter_finds_what_matches(self, store: TrackingStore, filter: str, expected: set[str]) -> None:
        prefix = unique("filter")
        for letter, color in (("a", "red"), ("b", "blue"), ("c", None)):
            tags = [ExperimentTag("color", color)] if color else []
            store.experiments.create_experiment(EVERYONE, f"{prefix}-{letter}", tags=tags)
        found = store.experiments.search_experiments(EVERYONE, 50, filter=f"name LIKE '{prefix}%' AND ({filter})")
        assert {experiment.name[-1] for experiment in found} == expected

    def test_view_type_chooses_the_stage(self, store: TrackingStore, experiment_id: str) -> None:
        only_this = f"experiment_id = '{experiment_id}'"

        def found(view: str) -> list[str]:
            page = store.experiments.search_experiments(EVERYONE, 5, filter=only_this, view_type=view)  # type: ignore[arg-type]
            return [experiment.experiment_id for experiment in page]

        assert (found("ACTIVE_ONLY"), found("DELETED_ONLY"), found("ALL")) == ([experiment_id], [], [experiment_id])
        store.experiments.delete_experiment(EVERYONE, experiment_id)
        assert (found("ACTIVE_ONLY"), found("DELETED_ONLY")) == ([], [experiment_id])

    @pytest.mark.parametrize("max_results", [0, -1, 50001])
    def test_unacceptable_page_size_is_refused(self, store: TrackingStore, max_results: int) -> None:
        with pytest.raises(InvalidParameterValue, match="max_results"):
            store.experiments.search_experiments(EVERYONE, max_results)

    def test_who_may_nothing_sees_nothing(self, store: TrackingStore, experiment_id: str) -> None:
        name = store.experiments.get_experiment(EVERYONE, experiment_id).name
        assert store.experiments.search_experiments(NOBODY, 100) == []
        with pytest.raises(PermissionDenied):
            store.experiments.get_experiment(NOBODY, experiment_id)
        with pytest.raises((PermissionDenied, ResourceDoesNotExist)):
            store.experiments.get_experiment_by_name(NOBODY, name)

    def test_reader_sees_only_what_is_granted_and_changes_nothing(
        self, store: TrackingStore, experiment_id: str
    ) -> None:
        reader = reader_of(experiment_id)
        assert [each.experiment_id for each in store.experiments.search_experiments(reader, 100)] == [experiment_id]
        with pytest.raises(PermissionDenied):
            store.experiments.set_experiment_tag(reader, experiment_id, "k", "v")
        with pytest.raises(PermissionDenied):
            store.experiments.delete_experiment(reader, experiment_id)
        assert store.experiments.get_experiment(reader, experiment_id).tags == {}

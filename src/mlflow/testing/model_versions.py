"""What every registry does with versions, their stages and aliases."""

from __future__ import annotations

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY
from mlflow.contract.store import TrackingStore
from mlflow.entities.model_registry import ModelVersionTag
from mlflow.exceptions import InvalidParameterValue, PermissionDenied, ResourceDoesNotExist
from mlflow.testing.fixtures import Suite, unique
from mlflow.testing.registered_models import make_model, make_version, model_reader

__all__ = ["ModelVersionsSuite"]


class ModelVersionsSuite(Suite):
    """Versions, their tags, stages, aliases, and the search for them."""

    def test_created_version_comes_back(self, store: TrackingStore) -> None:
        name = make_model(store)
        made = store.model_versions.create_model_version(
            EVERYONE, name, "s3://bucket/a", "f" * 32, [ModelVersionTag("k", "v")], "http://run", "what it is"
        )
        found = store.model_versions.get_model_version(EVERYONE, name, str(made.version))
        assert found == made
        assert (str(found.version), found.source, found.run_id) == ("1", "s3://bucket/a", "f" * 32)
        assert (found.tags, found.run_link, found.description) == ({"k": "v"}, "http://run", "what it is")
        assert (found.current_stage, found.status, found.aliases) == ("None", "READY", [])

    def test_number_of_a_deleted_version_does_not_come_back(self, store: TrackingStore) -> None:
        name = make_model(store)
        assert [make_version(store, name), make_version(store, name)] == ["1", "2"]
        store.model_versions.delete_model_version(EVERYONE, name, "2")
        assert make_version(store, name) == "3"

    @pytest.mark.parametrize("version", ["2", "0", "-1", "99999999999999999999"])
    def test_unknown_version_does_not_exist(self, store: TrackingStore, version: str) -> None:
        name = make_model(store)
        make_version(store, name)
        with pytest.raises(ResourceDoesNotExist, match="not found"):
            store.model_versions.get_model_version(EVERYONE, name, version)

    def test_version_that_is_no_number_is_refused(self, store: TrackingStore) -> None:
        with pytest.raises(InvalidParameterValue, match="integer"):
            store.model_versions.get_model_version(EVERYONE, make_model(store), "x")

    def test_version_needs_its_model(self, store: TrackingStore) -> None:
        with pytest.raises(ResourceDoesNotExist):
            store.model_versions.create_model_version(EVERYONE, unique(), "s3://bucket/a")

    def test_description_is_overwritten_and_removed(self, store: TrackingStore) -> None:
        name = make_model(store)
        make_version(store, name)
        assert store.model_versions.update_model_version(EVERYONE, name, "1", "new").description == "new"
        assert not store.model_versions.update_model_version(EVERYONE, name, "1").description

    def test_tags_are_set_overwritten_and_deleted(self, store: TrackingStore) -> None:
        name = make_model(store)
        make_version(store, name)
        for key, value in (("a", "1"), ("a", "2"), ("b", "")):
            store.model_versions.set_model_version_tag(EVERYONE, name, "1", key, value)
        store.model_versions.delete_model_version_tag(EVERYONE, name, "1", "absent")
        assert store.model_versions.get_model_version(EVERYONE, name, "1").tags == {"a": "2", "b": ""}
        store.model_versions.delete_model_version_tag(EVERYONE, name, "1", "a")
        assert store.model_versions.get_model_version(EVERYONE, name, "1").tags == {"b": ""}

    # Sources

    def test_source_in_the_registry_leads_to_the_files_of_that_version(self, store: TrackingStore) -> None:
        name, other = make_model(store), make_model(store)
        store.model_versions.create_model_version(EVERYONE, name, "s3://bucket/a", "f" * 32)
        store.model_aliases.set_registered_model_alias(EVERYONE, name, "champion", "1")
        store.model_versions.transition_model_version_stage(EVERYONE, name, "1", "Staging")
        for source in (f"models:/{name}/1", f"models:/{name}@champion", f"models:/{name}/staging"):
            copy = store.model_versions.create_model_version(EVERYONE, other, source)
            uri = store.model_versions.get_model_version_download_uri(EVERYONE, other, str(copy.version))
            assert (copy.source, copy.run_id, uri) == (f"models:/{name}/1", "f" * 32, "s3://bucket/a")
        chained = store.model_versions.create_model_version(EVERYONE, other, f"models:/{other}/latest")
        uri = store.model_versions.get_model_version_download_uri(EVERYONE, other, str(chained.version))
        assert uri == "s3://bucket/a"

    def test_source_that_names_no_version_registers_nothing(self, store: TrackingStore) -> None:
        name = make_model(store)
        for source in (f"models:/{name}/7", f"models:/{name}@nobody", f"models:/{unique()}/1"):
            with pytest.raises((ResourceDoesNotExist, InvalidParameterValue), match="not found"):
                store.model_versions.create_model_version(EVERYONE, name, source)
        assert store.model_versions.search_model_versions(EVERYONE, f"name = '{name}'") == []
        assert make_version(store, name) == "1"

    # Stages

    def test_transition_archives_the_others_of_the_stage_if_asked(self, store: TrackingStore) -> None:
        name = make_model(store)
        for _ in range(3):
            make_version(store, name)
        moved = store.model_versions.transition_model_version_stage(EVERYONE, name, "1", "PRODUCTION")
        assert moved.current_stage == "Production"
        store.model_versions.transition_model_version_stage(EVERYONE, name, "2", "Production")
        store.model_versions.transition_model_version_stage(EVERYONE, name, "3", "Production", True)
        found = store.model_versions.search_model_versions(EVERYONE, f"name = '{name}'", order_by=["version_number"])
        assert [version.current_stage for version in found] == ["Archived", "Archived", "Production"]

    @pytest.mark.parametrize(("stage", "archive"), [("bogus", False), ("None", True), ("Deleted_Internal", False)])
    def test_unfit_transition_changes_nothing(self, store: TrackingStore, stage: str, archive: bool) -> None:
        name = make_model(store)
        make_version(store, name)
        with pytest.raises(InvalidParameterValue, match="tage"):
            store.model_versions.transition_model_version_stage(EVERYONE, name, "1", stage, archive)
        assert store.model_versions.get_model_version(EVERYONE, name, "1").current_stage == "None"

    # Aliases

    def test_alias_points_to_one_version_and_moves(self, store: TrackingStore) -> None:
        name = make_model(store)
        make_version(store, name)
        make_version(store, name)
        for alias, version in (("champion", "1"), ("Champion", "1"), ("champion", "2")):
            store.model_aliases.set_registered_model_alias(EVERYONE, name, alias, version)
        by_alias = store.model_aliases.get_model_version_by_alias(EVERYONE, name, "champion")
        assert (str(by_alias.version), by_alias.aliases) == ("2", ["champion"])
        model = store.registered_models.get_registered_model(EVERYONE, name)
        assert {alias: str(of) for alias, of in model.aliases.items()} == {"Champion": "1", "champion": "2"}
        store.model_aliases.delete_registered_model_alias(EVERYONE, name, "champion")
        store.model_aliases.delete_registered_model_alias(EVERYONE, name, "champion")
        with pytest.raises(InvalidParameterValue, match="champion"):
            store.model_aliases.get_model_version_by_alias(EVERYONE, name, "champion")

    def test_latest_is_the_newest_version(self, store: TrackingStore) -> None:
        name = make_model(store)
        with pytest.raises(ResourceDoesNotExist):
            store.model_aliases.get_model_version_by_alias(EVERYONE, name, "latest")
        make_version(store, name)
        newest = make_version(store, name)
        assert str(store.model_aliases.get_model_version_by_alias(EVERYONE, name, "Latest").version) == newest

    @pytest.mark.parametrize("alias", ["latest", "LATEST", "v1", "V22", "a b", "a/b", "x" * 256])
    def test_unfit_alias_is_refused(self, store: TrackingStore, alias: str) -> None:
        name = make_model(store)
        make_version(store, name)
        with pytest.raises(InvalidParameterValue):
            store.model_aliases.set_registered_model_alias(EVERYONE, name, alias, "1")

    def test_alias_needs_its_version(self, store: TrackingStore) -> None:
        name = make_model(store)
        with pytest.raises(ResourceDoesNotExist):
            store.model_aliases.set_registered_model_alias(EVERYONE, name, "champion", "1")

    def test_deleted_version_takes_its_aliases_along(self, store: TrackingStore) -> None:
        name = make_model(store)
        make_version(store, name)
        store.model_aliases.set_registered_model_alias(EVERYONE, name, "champion", "1")
        store.model_versions.delete_model_version(EVERYONE, name, "1")
        assert store.registered_models.get_registered_model(EVERYONE, name).aliases == {}
        with pytest.raises(ResourceDoesNotExist):
            store.model_versions.delete_model_version(EVERYONE, name, "1")

    # Search

    @pytest.mark.parametrize(
        ("condition", "expected"),
        [
            ("version_number = 2", "2"),
            ("version_number >= '2'", "23"),
            ("run_id = 'run-1'", "1"),
            ("run_id IN ('run-1', 'run-2')", "12"),
            ("run_id IS NULL", "3"),
            ("source_path = 's3://bucket/2'", "2"),
            ("source_path IN ('s3://bucket/1', 's3://bucket/3')", "13"),
            ("NOT source_path = 's3://bucket/2'", "13"),
            ("source_path LIKE 's3://bucket/%' AND source_path != 's3://bucket/2'", "13"),
            ("tags.k = 'v1'", "1"),
            ("tags.k != 'v1'", "2"),
            ("tags.k IS NULL", "3"),
            ("tags.k ILIKE 'V%' AND version_number < 2", "1"),
        ],
    )
    def test_filters_find(self, store: TrackingStore, condition: str, expected: str) -> None:
        name = make_model(store)
        for number in ("1", "2", "3"):
            run_id = f"run-{number}" if number != "3" else None
            tags = [ModelVersionTag("k", f"v{number}")] if number != "3" else []
            store.model_versions.create_model_version(EVERYONE, name, f"s3://bucket/{number}", run_id, tags)
        found = store.model_versions.search_model_versions(EVERYONE, f"name = '{name}' AND {condition}")
        assert "".join(sorted(str(version.version) for version in found)) == expected

    def test_search_goes_on_by_pages_in_the_order_asked_for(self, store: TrackingStore) -> None:
        name = make_model(store)
        for _ in range(5):
            make_version(store, name)
        for order, expected in (([], "54321"), (["version_number ASC"], "12345"), (["name", "creation_timestamp"], "")):
            found, token = [], ""
            while True:
                page = store.model_versions.search_model_versions(EVERYONE, f"name = '{name}'", 2, order, token)
                found += [str(version.version) for version in page]
                token = page.token or ""
                if not token:
                    break
            assert sorted(found) == list("12345")
            assert not expected or "".join(found) == expected

    def test_search_leaves_aliases_out(self, store: TrackingStore) -> None:
        name = make_model(store)
        make_version(store, name)
        store.model_aliases.set_registered_model_alias(EVERYONE, name, "champion", "1")
        assert store.model_versions.search_model_versions(EVERYONE, f"name = '{name}'")[0].aliases == []

    @pytest.mark.parametrize("size", [0, -1, 200_001])
    def test_unfit_page_size_is_refused(self, store: TrackingStore, size: int) -> None:
        with pytest.raises(InvalidParameterValue, match="max_results"):
            store.model_versions.search_model_versions(EVERYONE, max_results=size)

    # Callers

    def test_who_may_only_read_changes_nothing_and_sees_only_that(self, store: TrackingStore) -> None:
        name, other = make_model(store), make_model(store)
        make_version(store, name)
        make_version(store, other)
        reader, versions = model_reader(name), store.model_versions
        assert str(versions.get_model_version(reader, name, "1").version) == "1"
        assert [version.name for version in versions.search_model_versions(reader)] == [name]
        assert versions.search_model_versions(NOBODY, f"name = '{name}'") == []
        for caller, about in ((reader, other), (NOBODY, name)):
            with pytest.raises(PermissionDenied):
                versions.get_model_version(caller, about, "1")
            with pytest.raises(PermissionDenied):
                versions.get_model_version_download_uri(caller, about, "1")
            with pytest.raises(PermissionDenied):
                store.model_aliases.get_model_version_by_alias(caller, about, "latest")
        with pytest.raises(PermissionDenied):
            versions.create_model_version(reader, name, "s3://bucket/b")
        with pytest.raises(PermissionDenied):
            versions.transition_model_version_stage(reader, name, "1", "Staging")
        with pytest.raises(PermissionDenied):
            store.model_aliases.set_registered_model_alias(reader, name, "champion", "1")
        with pytest.raises(PermissionDenied):
            versions.delete_model_version(reader, name, "1")

    def test_latest_versions_tell_the_runs_they_were_made_of(self, store: TrackingStore) -> None:
        name, other, hidden = (make_model(store) for _ in range(3))
        for number in range(32):
            store.model_versions.create_model_version(EVERYONE, name, "s3://bucket/a", f"{number:032x}")
        make_version(store, other)
        store.model_versions.create_model_version(EVERYONE, other, "s3://bucket/a", "f" * 32)
        store.model_versions.create_model_version(EVERYONE, hidden, "s3://bucket/a", "e" * 32)
        found = store.model_versions.find_version_runs(EVERYONE, [name, other, "never"])
        assert [one.version for one in found if one.name == name] == [str(number) for number in range(3, 33)]
        assert [(one.version, one.run_id) for one in found if one.name == other] == [("2", "f" * 32)]
        seen = store.model_versions.find_version_runs(model_reader(other), [other, hidden])
        assert {one.name for one in seen} == {other}
        with pytest.raises(InvalidParameterValue, match="200"):
            store.model_versions.find_version_runs(EVERYONE, [str(number) for number in range(201)])

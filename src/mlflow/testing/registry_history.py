"""What every registry remembers of its changes."""

from __future__ import annotations

import time

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY, Caller, Permission
from mlflow.contract.changes import Change
from mlflow.contract.registry_history import Evidence
from mlflow.contract.store import TrackingStore
from mlflow.exceptions import InvalidParameterValue, PermissionDenied, ResourceDoesNotExist
from mlflow.testing.fixtures import Suite, unique
from mlflow.testing.registered_models import make_model, make_version, model_reader

__all__ = ["RegistryHistorySuite"]


def _now() -> int:
    """A millisecond that is over, and in which nothing happened."""
    time.sleep(0.002)
    now = time.time_ns() // 1_000_000
    time.sleep(0.002)
    return now


class RegistryHistorySuite(Suite):
    """History, and reading the registry as of a time."""

    def test_history_tells_what_moved_from_where_to_where_and_who_did_it(self, store: TrackingStore) -> None:
        name = make_model(store)
        make_version(store, name)
        make_version(store, name)
        editor = Caller("ada", grants={("registered_model", name): Permission.EDIT})
        store.model_aliases.set_registered_model_alias(editor, name, "champion", "1")
        store.model_aliases.set_registered_model_alias(editor, name, "champion", "2")
        store.model_versions.transition_model_version_stage(editor, name, "1", "Staging")
        store.model_versions.transition_model_version_stage(editor, name, "2", "Staging", True)
        store.model_aliases.delete_registered_model_alias(editor, name, "champion")
        events = store.registry_history.get_registry_history(EVERYONE, name)
        told = [(e.action, e.version, e.subject, e.before, e.after, e.user_id) for e in events if e.user_id]
        assert told == [
            ("alias_deleted", "2", "champion", "2", None, "ada"),
            ("stage_moved", "2", "Staging", "None", "Staging", "ada"),
            ("stage_moved", "1", "Archived", "Staging", "Archived", "ada"),
            ("stage_moved", "1", "Staging", "None", "Staging", "ada"),
            ("alias_moved", "2", "champion", "1", "2", "ada"),
            ("alias_moved", "1", "champion", None, "1", "ada"),
        ]
        assert [event.action for event in events][-3:] == ["version_created", "version_created", "model_created"]

    def test_every_change_is_told_once_and_nothing_that_changed_nothing(self, store: TrackingStore) -> None:
        name = make_model(store, a="1")
        make_version(store, name)
        models, versions = store.registered_models, store.model_versions
        models.set_registered_model_tag(EVERYONE, name, "a", "2")
        models.delete_registered_model_tag(EVERYONE, name, "a")
        models.delete_registered_model_tag(EVERYONE, name, "a")
        models.update_registered_model(EVERYONE, name, "text")
        versions.set_model_version_tag(EVERYONE, name, "1", "b", "1")
        versions.delete_model_version_tag(EVERYONE, name, "1", "b")
        versions.delete_model_version_tag(EVERYONE, name, "1", "b")
        versions.update_model_version(EVERYONE, name, "1", "text")
        versions.delete_model_version(EVERYONE, name, "1")
        with pytest.raises(ResourceDoesNotExist):
            versions.set_model_version_tag(EVERYONE, name, "1", "b", "1")
        actions = [event.action for event in store.registry_history.get_registry_history(EVERYONE, name)]
        assert actions == [
            "version_deleted",
            "version_updated",
            "version_tag_deleted",
            "version_tag_set",
            "model_updated",
            "model_tag_deleted",
            "model_tag_set",
            "version_created",
            "model_created",
        ]

    def test_history_of_one_version_leaves_the_others_out(self, store: TrackingStore) -> None:
        name = make_model(store)
        make_version(store, name)
        make_version(store, name)
        store.model_versions.set_model_version_tag(EVERYONE, name, "2", "k", "v")
        events = store.registry_history.get_registry_history(EVERYONE, name, "2")
        assert [(event.action, event.version) for event in events] == [
            ("version_tag_set", "2"),
            ("version_created", "2"),
        ]

    def test_history_goes_on_by_pages(self, store: TrackingStore) -> None:
        name = make_model(store)
        for number in range(5):
            store.registered_models.set_registered_model_tag(EVERYONE, name, "k", str(number))
        first = store.registry_history.get_registry_history(EVERYONE, name, max_results=4)
        second = store.registry_history.get_registry_history(EVERYONE, name, "", 4, first.token or "")
        assert [event.after for event in first] == ["4", "3", "2", "1"]
        assert [event.action for event in second] == ["model_tag_set", "model_created"]
        assert not second.token
        with pytest.raises(InvalidParameterValue, match="max_results"):
            store.registry_history.get_registry_history(EVERYONE, name, max_results=0)

    def test_history_follows_a_rename_and_outlives_the_model(self, store: TrackingStore) -> None:
        name, new = make_model(store), unique("renamed")
        store.registered_models.rename_registered_model(EVERYONE, name, new)
        actions = [event.action for event in store.registry_history.get_registry_history(EVERYONE, new)]
        assert actions == ["model_renamed", "model_created"]
        store.registered_models.delete_registered_model(EVERYONE, new)
        actions = [event.action for event in store.registry_history.get_registry_history(EVERYONE, new)]
        assert actions == ["model_deleted"]
        actions = [event.action for event in store.registry_history.get_registry_history(EVERYONE, name)]
        assert actions == ["model_renamed", "model_created"]
        with pytest.raises(ResourceDoesNotExist):
            store.registry_history.get_registry_history(EVERYONE, unique())

    def test_model_is_read_as_of_a_time(self, store: TrackingStore) -> None:
        history, versions = store.registry_history, store.model_versions
        before = _now()
        name = make_model(store, team="a")
        make_version(store, name, "s3://bucket/1")
        store.model_aliases.set_registered_model_alias(EVERYONE, name, "champion", "1")
        versions.transition_model_version_stage(EVERYONE, name, "1", "Production")
        versions.set_model_version_tag(EVERYONE, name, "1", "k", "v")
        then_model = store.registered_models.get_registered_model(EVERYONE, name)
        then_version = versions.get_model_version(EVERYONE, name, "1")
        then = _now()
        make_version(store, name, "s3://bucket/2")
        store.registered_models.set_registered_model_tag(EVERYONE, name, "team", "b")
        store.registered_models.update_registered_model(EVERYONE, name, "text")
        store.model_aliases.set_registered_model_alias(EVERYONE, name, "champion", "2")
        versions.delete_model_version(EVERYONE, name, "1")
        assert history.get_registered_model_as_of(EVERYONE, name, then) == then_model
        assert history.get_model_versions_as_of(EVERYONE, name, then) == [then_version]
        now_model = history.get_registered_model_as_of(EVERYONE, name, _now())
        assert now_model == store.registered_models.get_registered_model(EVERYONE, name)
        with pytest.raises(ResourceDoesNotExist, match=str(before)):
            history.get_registered_model_as_of(EVERYONE, name, before)

    def test_model_is_read_by_the_name_it_had_then(self, store: TrackingStore) -> None:
        history = store.registry_history
        name, new = make_model(store), unique("renamed")
        make_version(store, name)
        then = _now()
        store.registered_models.rename_registered_model(EVERYONE, name, new)
        assert history.get_registered_model_as_of(EVERYONE, name, then).name == name
        now = _now()
        assert history.get_model_versions_as_of(EVERYONE, new, now)[0].name == new
        with pytest.raises(ResourceDoesNotExist):
            history.get_registered_model_as_of(EVERYONE, name, now)
        store.registered_models.delete_registered_model(EVERYONE, new)
        assert history.get_registered_model_as_of(EVERYONE, new, now).name == new
        with pytest.raises(ResourceDoesNotExist):
            history.get_registered_model_as_of(EVERYONE, new, _now())

    def test_evidence_is_kept_with_the_version(self, store: TrackingStore) -> None:
        name = make_model(store)
        make_version(store, name)
        found = Evidence("A/B test", True, "", {"uplift": 0.25, "days": 7})
        event = store.registry_history.add_registry_evidence(EVERYONE, name, "1", [found])
        assert (event.action, event.version, event.evidence) == ("evidence_added", "1", [found])
        assert store.registry_history.get_registry_history(EVERYONE, name)[0] == event
        with pytest.raises(InvalidParameterValue, match="evidence"):
            store.registry_history.add_registry_evidence(EVERYONE, name, "1", [])
        with pytest.raises(ResourceDoesNotExist):
            store.registry_history.add_registry_evidence(EVERYONE, name, "2", [found])

    def test_evidence_with_an_id_is_kept_once(self, store: TrackingStore) -> None:
        name, history = make_model(store), store.registry_history
        make_version(store, name)
        make_version(store, name)
        found = Evidence("A/B test", True, "better", {"uplift": 0.25}, "5f0c")
        first = history.add_registry_evidence(EVERYONE, name, "1", [found])
        assert history.add_registry_evidence(EVERYONE, name, "1", [found]) == first
        assert first.evidence[0].id == "5f0c"
        assert history.add_registry_evidence(EVERYONE, name, "2", [found]).seq > first.seq
        again = [history.add_registry_evidence(EVERYONE, name, "1", [Evidence("note")]).seq for _ in range(2)]
        assert len(set(again)) == 2

    def test_who_may_only_read_attaches_nothing_and_sees_only_that(self, store: TrackingStore) -> None:
        name, other = make_model(store), make_model(store)
        make_version(store, name)
        reader, history = model_reader(name), store.registry_history
        assert len(history.get_registry_history(reader, name)) == 2
        with pytest.raises(PermissionDenied):
            history.add_registry_evidence(reader, name, "1", [Evidence("x")])
        for caller, about in ((reader, other), (NOBODY, name)):
            with pytest.raises(PermissionDenied):
                history.get_registry_history(caller, about)
            with pytest.raises(PermissionDenied):
                history.get_registered_model_as_of(caller, about, _now())

    def test_changes_of_models_are_told_to_live_views(self, store: TrackingStore) -> None:
        since = store.changes.get_changes(EVERYONE).next
        name, other = make_model(store), make_model(store)
        make_version(store, name)
        found: list[Change] = []
        deadline = time.monotonic() + 10
        while len(found) < 2 and time.monotonic() < deadline:  # a reader may wait for others' transactions
            page = store.changes.get_changes(EVERYONE, [f"model:{name}"], since)
            found += page.changes
            since = page.next
        told = [(change.kind, change.data["action"], change.data["name"]) for change in found]
        assert told == [
            ("registered_model", "model_created", name),
            ("registered_model", "version_created", name),
        ]
        assert other

"""What every registry does with registered models."""

from __future__ import annotations

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY, Caller, Permission
from mlflow.contract.store import TrackingStore
from mlflow.entities.model_registry import RegisteredModelTag
from mlflow.exceptions import InvalidParameterValue, PermissionDenied, ResourceAlreadyExists, ResourceDoesNotExist
from mlflow.testing.fixtures import Suite, unique

__all__ = ["RegisteredModelsSuite", "make_model", "make_version", "model_reader"]


def make_model(store: TrackingStore, **tags: str) -> str:
    """A new registered model; answers its name."""
    name = unique("model")
    sent = [RegisteredModelTag(key, value) for key, value in tags.items()]
    store.registered_models.create_registered_model(EVERYONE, name, sent)
    return name


def make_version(store: TrackingStore, name: str, source: str = "s3://bucket/model") -> str:
    """A new version; answers its number."""
    return str(store.model_versions.create_model_version(EVERYONE, name, source).version)


def model_reader(name: str) -> Caller:
    """One who may read this model, and nothing else."""
    return Caller("reader", grants={("registered_model", name): Permission.READ})


class RegisteredModelsSuite(Suite):
    """Registered models, their tags, and the search for them."""

    def test_created_model_comes_back(self, store: TrackingStore) -> None:
        name = unique("model")
        made = store.registered_models.create_registered_model(
            EVERYONE, name, [RegisteredModelTag("a", "1"), RegisteredModelTag("b", "")], "what it is"
        )
        found = store.registered_models.get_registered_model(EVERYONE, name)
        assert found == made
        assert (found.name, found.description, found.tags) == (name, "what it is", {"a": "1", "b": ""})
        assert (found.latest_versions, found.aliases) == ([], {})
        assert found.creation_timestamp == found.last_updated_timestamp
        assert found.creation_timestamp

    def test_taken_name_is_refused(self, store: TrackingStore) -> None:
        name = make_model(store)
        with pytest.raises(ResourceAlreadyExists, match=name):
            store.registered_models.create_registered_model(EVERYONE, name)

    @pytest.mark.parametrize(
        "name", ["a/b", "a:b", "..", ".", " ", "x" * 257], ids=["slash", "colon", "up", "here", "blank", "long"]
    )
    def test_unfit_name_is_refused(self, store: TrackingStore, name: str) -> None:
        with pytest.raises(InvalidParameterValue, match="name"):
            store.registered_models.create_registered_model(EVERYONE, name)

    def test_names_that_differ_in_case_or_spaces_are_different_models(self, store: TrackingStore) -> None:
        name = unique("Model")
        for spelling in (name, name.lower(), f"{name} ", f"{name}%20"):
            store.registered_models.create_registered_model(EVERYONE, spelling, description=spelling)
        for spelling in (name, name.lower(), f"{name} ", f"{name}%20"):
            assert store.registered_models.get_registered_model(EVERYONE, spelling).description == spelling

    def test_unknown_model_does_not_exist(self, store: TrackingStore) -> None:
        with pytest.raises(ResourceDoesNotExist, match="not found"):
            store.registered_models.get_registered_model(EVERYONE, unique())

    def test_renamed_model_keeps_what_it_has(self, store: TrackingStore) -> None:
        name, new = make_model(store, team="a"), unique("renamed")
        version = make_version(store, name)
        store.model_versions.set_model_version_tag(EVERYONE, name, version, "k", "v")
        store.model_aliases.set_registered_model_alias(EVERYONE, name, "champion", version)
        renamed = store.registered_models.rename_registered_model(EVERYONE, name, new)
        assert (renamed.name, renamed.tags) == (new, {"team": "a"})
        assert {alias: str(of) for alias, of in renamed.aliases.items()} == {"champion": version}
        found = store.model_versions.get_model_version(EVERYONE, new, version)
        assert (found.name, found.tags, found.aliases) == (new, {"k": "v"}, ["champion"])
        with pytest.raises(ResourceDoesNotExist):
            store.registered_models.get_registered_model(EVERYONE, name)

    def test_renaming_to_a_taken_name_changes_nothing(self, store: TrackingStore) -> None:
        first, second = make_model(store), make_model(store)
        with pytest.raises(ResourceAlreadyExists):
            store.registered_models.rename_registered_model(EVERYONE, first, second)
        assert store.registered_models.get_registered_model(EVERYONE, first).name == first

    def test_update_overwrites_the_description_and_without_one_removes_it(self, store: TrackingStore) -> None:
        name = make_model(store)
        updated = store.registered_models.update_registered_model(EVERYONE, name, "new")
        assert updated.description == "new"
        assert not store.registered_models.update_registered_model(EVERYONE, name).description

    def test_deleted_model_is_gone_with_all_it_had_and_its_name_begins_anew(self, store: TrackingStore) -> None:
        name = make_model(store, team="a")
        store.model_aliases.set_registered_model_alias(EVERYONE, name, "champion", make_version(store, name))
        store.registered_models.delete_registered_model(EVERYONE, name)
        with pytest.raises(ResourceDoesNotExist):
            store.registered_models.delete_registered_model(EVERYONE, name)
        again = store.registered_models.create_registered_model(EVERYONE, name)
        assert (again.tags, again.aliases, again.latest_versions) == ({}, {}, [])
        assert make_version(store, name) == "1"

    def test_tags_are_set_overwritten_and_deleted(self, store: TrackingStore) -> None:
        name = make_model(store, a="1")
        store.registered_models.set_registered_model_tag(EVERYONE, name, "a", "2")
        store.registered_models.set_registered_model_tag(EVERYONE, name, "b", "ü" * 100_000)
        store.registered_models.delete_registered_model_tag(EVERYONE, name, "absent")
        assert store.registered_models.get_registered_model(EVERYONE, name).tags == {"a": "2", "b": "ü" * 100_000}
        store.registered_models.delete_registered_model_tag(EVERYONE, name, "b")
        assert store.registered_models.get_registered_model(EVERYONE, name).tags == {"a": "2"}

    @pytest.mark.parametrize(("key", "value"), [("../x", "v"), ("k" * 251, "v"), ("k", "v" * 100_001)])
    def test_unfit_tag_is_refused(self, store: TrackingStore, key: str, value: str) -> None:
        name = make_model(store)
        with pytest.raises(InvalidParameterValue):
            store.registered_models.set_registered_model_tag(EVERYONE, name, key, value)

    def test_last_update_follows_versions_and_descriptions_but_not_tags_and_aliases(self, store: TrackingStore) -> None:
        def changed() -> int | None:
            return store.registered_models.get_registered_model(EVERYONE, name).last_updated_timestamp

        name = make_model(store)
        version = make_version(store, name)
        assert changed() == store.model_versions.get_model_version(EVERYONE, name, version).creation_timestamp
        before = changed()
        store.registered_models.set_registered_model_tag(EVERYONE, name, "a", "1")
        store.model_aliases.set_registered_model_alias(EVERYONE, name, "champion", version)
        store.model_versions.update_model_version(EVERYONE, name, version, "new")
        store.model_versions.set_model_version_tag(EVERYONE, name, version, "a", "1")
        assert changed() == before

    def test_latest_versions_are_the_newest_of_each_stage(self, store: TrackingStore) -> None:
        name = make_model(store)
        for _ in range(4):
            make_version(store, name)
        for version, stage in (("1", "Production"), ("2", "production"), ("3", "Staging")):
            store.model_versions.transition_model_version_stage(EVERYONE, name, version, stage)
        found = store.registered_models.get_latest_versions(EVERYONE, name)
        assert {str(v.version): v.current_stage for v in found} == {"2": "Production", "3": "Staging", "4": "None"}
        model = store.registered_models.get_registered_model(EVERYONE, name)
        assert [str(v.version) for v in model.latest_versions or ()] == ["2", "3", "4"]
        chosen = store.registered_models.get_latest_versions(EVERYONE, name, ["STAGING", "archived"])
        assert [str(v.version) for v in chosen] == ["3"]
        with pytest.raises(InvalidParameterValue, match="Staging"):
            store.registered_models.get_latest_versions(EVERYONE, name, ["bogus"])

    @pytest.mark.parametrize(
        ("condition", "expected"),
        [
            ("name = '{p}-b'", "b"),
            ("name != '{p}-b' AND name LIKE '{p}%'", "ac"),
            ("name ILIKE '{P}-A'", "a"),
            ("name IN ('{p}-a', '{p}-c')", "ac"),
            ("name LIKE '{p}%' AND tags.team = 'x'", "ab"),
            ("name LIKE '{p}%' AND tags.team != 'x'", "c"),
            ("name LIKE '{p}%' AND tags.`team` LIKE 'x%' AND tag.size = '1'", "a"),
            ("name LIKE '{p}%' AND NOT tags.size = '1'", "bc"),
            ("name LIKE '{p}%' AND tags.size IS NULL", "c"),
            ("name LIKE '{p}%' AND tags.long = '{long}'", "a"),
        ],
    )
    def test_filters_find(self, store: TrackingStore, condition: str, expected: str) -> None:
        prefix, long = unique("model"), "v" * 300
        tags = {"a": {"team": "x", "size": "1", "long": long}, "b": {"team": "x", "size": "2", "long": long + "w"}}
        for letter in "abc":
            sent = [RegisteredModelTag(key, value) for key, value in tags.get(letter, {"team": "y"}).items()]
            store.registered_models.create_registered_model(EVERYONE, f"{prefix}-{letter}", sent)
        text = condition.format(p=prefix, P=prefix.upper(), long=long)
        found = store.registered_models.search_registered_models(EVERYONE, text)
        assert "".join(model.name[-1] for model in found) == expected

    def test_search_goes_on_by_pages_in_the_order_asked_for(self, store: TrackingStore) -> None:
        prefix = unique("model")
        for letter in "abcde":
            store.registered_models.create_registered_model(EVERYONE, f"{prefix}-{letter}")
        for order, expected in (([], "abcde"), (["name DESC"], "edcba"), (["timestamp DESC", "name"], None)):
            found, token = [], ""
            while True:
                page = store.registered_models.search_registered_models(
                    EVERYONE, f"name LIKE '{prefix}%'", 2, order, token
                )
                found += [model.name[-1] for model in page]
                token = page.token or ""
                if not token:
                    break
            assert "".join(found) == expected or sorted(found) == list("abcde")
            assert expected is None or "".join(found) == expected

    def test_prompts_show_only_where_they_are_asked_for(self, store: TrackingStore) -> None:
        prompt = unique("model")
        tag = RegisteredModelTag("mlflow.prompt.is_prompt", "true")
        store.registered_models.create_registered_model(EVERYONE, prompt, [tag])
        assert store.registered_models.search_registered_models(EVERYONE, f"name = '{prompt}'") == []
        asked = f"name = '{prompt}' AND tags.`mlflow.prompt.is_prompt` = 'true'"
        assert len(store.registered_models.search_registered_models(EVERYONE, asked)) == 1

    @pytest.mark.parametrize("condition", ["!= 'true'", "= 'false'", "LIKE 'x%'"])
    def test_models_match_what_clients_say_to_leave_prompts_out(self, store: TrackingStore, condition: str) -> None:
        name = make_model(store)
        text = f"name = '{name}' AND tag.`mlflow.prompt.is_prompt` {condition}"
        assert [model.name for model in store.registered_models.search_registered_models(EVERYONE, text)] == [name]

    @pytest.mark.parametrize("size", [-1, 1001])
    def test_unfit_page_size_is_refused(self, store: TrackingStore, size: int) -> None:
        with pytest.raises(InvalidParameterValue, match="max_results"):
            store.registered_models.search_registered_models(EVERYONE, max_results=size)

    def test_who_may_only_read_changes_nothing_and_sees_only_that(self, store: TrackingStore) -> None:
        name, other = make_model(store), make_model(store)
        reader, models = model_reader(name), store.registered_models
        assert models.get_registered_model(reader, name).name == name
        assert [model.name for model in models.search_registered_models(reader)] == [name]
        assert models.search_registered_models(NOBODY, f"name = '{name}'") == []
        for caller, about in ((reader, other), (NOBODY, name)):
            with pytest.raises(PermissionDenied):
                models.get_registered_model(caller, about)
            with pytest.raises(PermissionDenied):
                models.get_latest_versions(caller, about)
        with pytest.raises(PermissionDenied):
            models.set_registered_model_tag(reader, name, "a", "1")
        with pytest.raises(PermissionDenied):
            models.rename_registered_model(reader, name, unique())
        with pytest.raises(PermissionDenied):
            models.update_registered_model(reader, name, "x")
        with pytest.raises(PermissionDenied):
            models.delete_registered_model(reader, name)

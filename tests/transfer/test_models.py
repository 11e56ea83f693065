"""Registered models of older stores, read into a registry that has some already."""

from mlflow.contract.caller import DEFAULT_WORKSPACE, EVERYONE
from mlflow.sql.bulk_registry import ModelRecord, VersionRecord, load_model
from mlflow.sql.store import SqlStore, open_store


def record(count: int, last_version: int = 0, **members: object) -> ModelRecord:
    made = [
        VersionRecord(version=number, creation_time=number * 10, last_updated_time=number * 10 + 5, source="s3://b/1")
        for number in range(1, count + 1)
    ]
    given = {"name": "m", "creation_time": 1, "last_updated_time": 99, "last_version": last_version or count}
    return ModelRecord(**{**given, "versions": made, **members})  # type: ignore[arg-type]


def load(store: SqlStore, model: ModelRecord) -> int:
    return store.database.write(lambda connection: load_model(connection, DEFAULT_WORKSPACE, model))


def test_repeated_migration_brings_what_is_new_and_leaves_what_is_there(store_uri: str):
    store = open_store(store_uri, "/artifacts")
    try:
        assert load(store, record(2, tags={"a": "1"}, aliases={"champion": 1})) == 2
        store.registered_models.set_registered_model_tag(EVERYONE, "m", "a", "changed here")
        store.model_aliases.set_registered_model_alias(EVERYONE, "m", "champion", "2")
        assert load(store, record(2, tags={"a": "1"}, aliases={"champion": 1})) == 0
        assert load(store, record(3, tags={"b": "2"}, aliases={"new": 3})) == 1
        model = store.registered_models.get_registered_model(EVERYONE, "m")
        assert model.tags == {"a": "changed here", "b": "2"}
        assert {alias: str(version) for alias, version in model.aliases.items()} == {"champion": "2", "new": "3"}
    finally:
        store.close()


def test_what_was_is_told_as_far_as_it_is_known(store_uri: str):
    store = open_store(store_uri, "/artifacts")
    try:
        staged = VersionRecord(version=1, creation_time=10, last_updated_time=50, stage="Production", source="s3://b/1")
        load(store, record(0, 1, versions=[staged], tags={"a": "1"}))
        history = store.registry_history
        assert history.get_model_versions_as_of(EVERYONE, "m", 20)[0].current_stage == "None"
        assert history.get_model_versions_as_of(EVERYONE, "m", 60)[0].current_stage == "Production"
        assert history.get_registered_model_as_of(EVERYONE, "m", 5).tags == {"a": "1"}
    finally:
        store.close()


def test_number_of_a_version_that_was_deleted_is_not_given_out(store_uri: str):
    store = open_store(store_uri, "/artifacts")
    try:
        load(store, record(1, 7))
        assert str(store.model_versions.create_model_version(EVERYONE, "m", "s3://b/2").version) == "8"
    finally:
        store.close()

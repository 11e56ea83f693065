"""The manifest: its text, what is kept, what is refused."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.models import Model, ModelSignature, get_model_info
from mlflow.models.auth_policy import AuthPolicy, SystemAuthPolicy, UserAuthPolicy
from mlflow.models.resources import DatabricksServingEndpoint, DatabricksTable
from mlflow.models.signature import InvalidSignature
from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema
from mlflow.types.exceptions import SchemaError
from tests.fixtures.foreign import Program

# as MLflow 3.17.2 writes it
FULL = """\
artifact_path: x
auth_policy:
  system_auth_policy:
    resources:
      api_version: '1'
      databricks:
        serving_endpoint:
        - name: e
  user_auth_policy:
    api_scopes:
    - s1
databricks_runtime: x
env_vars:
- A
extra: 1
flavors:
  c:
    q: null
  z:
    a: 1
    b: 2
is_signature_from_type_hint: false
metadata:
  a:
    z: 1
  b: 1
mlflow_version: 3.17.2
model_id: m-1
model_size_bytes: 5
model_uuid: u
prompts:
- p
resources:
  api_version: '1'
  databricks:
    serving_endpoint:
    - name: e
    table:
    - name: t
      on_behalf_of_user: true
run_id: r
saved_input_example_info:
  a: 1
signature:
  inputs: '[{"type": "long", "name": "a", "required": true}]'
  outputs: null
  params: null
type_hint_from_example: false
utc_time_created: '2020-01-01 00:00:00'
"""


def full_model() -> Model:
    model = Model(
        artifact_path="x",
        run_id="r",
        utc_time_created="2020-01-01 00:00:00",
        model_uuid="u",
        signature=ModelSignature(Schema([ColSpec("long", "a")])),
        saved_input_example_info={"a": 1},
        metadata={"b": 1, "a": {"z": 1}},
        model_size_bytes=5,
        resources=[DatabricksServingEndpoint("e"), DatabricksTable("t", on_behalf_of_user=True)],
        env_vars=["A"],
        model_id="m-1",
        prompts=["p"],
        auth_policy=AuthPolicy(UserAuthPolicy(["s1"]), SystemAuthPolicy([DatabricksServingEndpoint("e")])),
        extra=1,
        databricks_runtime="x",
    )
    return model.add_flavor("z", b=2, a=1).add_flavor("c", q=None)


def test_text_is_what_the_published_package_writes() -> None:
    assert full_model().to_yaml() == FULL


def test_text_of_an_empty_model_has_only_what_is_always_there() -> None:
    keys = list(yaml.safe_load(Model().to_yaml()))
    assert keys == ["flavors", "mlflow_version", "model_id", "model_uuid", "prompts", "utc_time_created"]


def test_model_read_from_its_text_is_equal_and_keeps_unknown_keys(tmp_path: Path) -> None:
    (tmp_path / "MLmodel").write_text(FULL)
    model = Model.load(tmp_path)
    assert model == full_model() == Model.load(tmp_path / "MLmodel") == Model.from_dict(model.to_dict())
    assert model.to_yaml() == FULL
    assert model.extra == 1


def test_unknown_keys_shadow_nothing_and_are_all_kept(tmp_path: Path) -> None:
    unknown = {"save": "x", "self": 1, "_extra": 2, "_resources": 3, "1": 4}
    (tmp_path / "MLmodel").write_text(yaml.safe_dump({"flavors": {}, **unknown}))
    model = Model.load(tmp_path)
    model.save(tmp_path / "MLmodel")
    assert unknown.items() <= yaml.safe_load((tmp_path / "MLmodel").read_text()).items()
    assert model.resources is None
    with pytest.raises(AttributeError, match="no attribute 'absent'"):
        model.absent  # noqa: B018


def test_attributes_set_by_a_program_are_written_and_copies_are_equal() -> None:
    model = full_model()
    model.team = "a"  # type: ignore[attr-defined] # MLflow's models take any
    assert yaml.safe_load(model.to_yaml())["team"] == "a"
    assert pickle.loads(pickle.dumps(model)) == copy.deepcopy(model) == model


def test_older_manifests_read_without_ids_and_flags(tmp_path: Path) -> None:
    (tmp_path / "MLmodel").write_text(
        "artifact_path: model\nflavors:\n  python_function:\n    loader_module: x\nrun_id: r\nutc_time_created: t\n"
        'signature:\n  inputs: \'[{"name": "a", "type": "long"}]\'\n  outputs: null\n'
    )
    model = Model.load(tmp_path)
    assert (model.model_uuid, model.mlflow_version, model.model_id) == (None, None, None)
    assert model.get_input_schema() == Schema([ColSpec("long", "a")])
    assert model.get_output_schema() is None


def test_flags_of_type_hints_survive() -> None:
    model = Model.from_dict(full_model().to_dict() | {"is_signature_from_type_hint": True})
    assert model.to_dict()["is_signature_from_type_hint"] is True
    assert model.to_dict()["type_hint_from_example"] is False


def test_values_of_numpy_tuples_and_paths_are_plain_in_the_text() -> None:
    model = Model(metadata={"rate": np.float64(0.5), "shape": (1, 2), "where": Path("a/b")})
    assert yaml.safe_load(model.to_yaml())["metadata"] == {"rate": 0.5, "shape": [1, 2], "where": "a/b"}


def test_metadata_that_yaml_cannot_hold_is_refused() -> None:
    with pytest.raises(InvalidParameterValue, match="manifest holds a value that YAML cannot"):
        Model(metadata={"x": object()}).to_yaml()


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("a: [1", InvalidParameterValue, "not YAML"),
        ("- 1", InvalidParameterValue, "not a mapping"),
        ("", InvalidParameterValue, "is empty"),
        ("flavors: 5", InvalidParameterValue, "flavors '5', which are not a mapping of mappings"),
        ("flavors: {a: 5}", InvalidParameterValue, "not a mapping of mappings"),
        ("flavors: {}\nmetadata: !!python/object/apply:os.getcwd []", InvalidParameterValue, "not YAML"),
        ("flavors: {}\nsignature: {}", InvalidSignature, "at least one"),
        ("flavors: {}\nsignature: {inputs: '{'}", SchemaError, "not JSON"),
        ("flavors: {}\nsignature: {inputs: [{type: long}]}", InvalidSignature, "JSON text"),
    ],
    ids=["broken", "list", "empty", "flavors", "flavor", "code", "empty-signature", "broken-schema", "schema-as-list"],
)
def test_broken_manifest_is_refused(tmp_path: Path, text: str, error: type[Exception], message: str) -> None:
    (tmp_path / "MLmodel").write_text(text)
    with pytest.raises(error, match=message):
        Model.load(tmp_path)


def test_folder_without_manifest_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ResourceDoesNotExist, match="no file 'MLmodel'"):
        Model.load(tmp_path)
    with pytest.raises(ResourceDoesNotExist):
        Model.load(tmp_path / "absent")


def test_saving_replaces_the_file_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "MLmodel"
    Model(model_uuid="1").save(path)
    with pytest.raises(InvalidParameterValue):
        Model(metadata={"x": object()}).save(path)
    assert Model.load(tmp_path).model_uuid == "1"
    assert [file.name for file in tmp_path.iterdir()] == ["MLmodel"]


def test_file_uri_names_a_folder(tmp_path: Path) -> None:
    full_model().save(tmp_path / "MLmodel")
    assert Model.load(f"file://{tmp_path}") == full_model()
    assert get_model_info(str(tmp_path)).model_uuid == "u"


def test_info_names_the_model_by_id_or_by_run() -> None:
    assert full_model().get_model_info().model_uri == "models:/m-1"
    assert Model("path", "r").get_model_info().model_uri == "runs:/r/path"
    info = full_model().get_model_info()
    assert (info.artifact_path, info.run_id, info.flavors["c"]) == ("x", "r", {"q": None})
    assert (info.metrics, info.params, info.name, info.model_id) == (None, None, None, None)


def test_tag_of_a_run_keeps_five_keys() -> None:
    assert set(full_model().get_tags_dict()) == {"run_id", "artifact_path", "utc_time_created", "model_uuid", "flavors"}
    assert json.loads(full_model().to_json()) == yaml.safe_load(FULL)


def test_schemas_are_those_of_the_signature() -> None:
    params = ParamSchema([ParamSpec("p", "long", 1)])
    model = Model(signature=ModelSignature(params=params))
    assert (model.get_input_schema(), model.get_params_schema()) == (None, params)
    assert Model().get_params_schema() is None


def test_resources_may_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "resources.yaml"
    path.write_text("api_version: '1'\ndatabricks:\n  table:\n  - name: t\n")
    assert Model(resources=str(path)).resources == {"api_version": "1", "databricks": {"table": [{"name": "t"}]}}
    path.write_text("- 1")
    for given in (str(path), str(tmp_path / "absent"), ["x"]):
        wrong: Any = given
        with pytest.raises(InvalidParameterValue, match="Resource"):
            Model(resources=wrong)


def test_resource_reads_its_entry_again() -> None:
    table = DatabricksTable("t", on_behalf_of_user=False)
    assert table.to_dict() == {"table": [{"name": "t", "on_behalf_of_user": False}]}
    assert DatabricksTable.from_dict({"name": "t", "on_behalf_of_user": False}) == table
    with pytest.raises(InvalidParameterValue, match="no 'name'"):
        DatabricksTable.from_dict({})


def test_example_of_a_model_without_folder_asks_for_one() -> None:
    with pytest.raises(InvalidParameterValue, match="no folder yet"):
        Model().load_input_example()


@pytest.mark.oracle
def test_published_package_reads_our_manifest_and_writes_it_back(tmp_path: Path, run_published: Program) -> None:
    full_model().save(tmp_path / "MLmodel")
    program = f"from mlflow.models import Model; print(Model.load({str(tmp_path)!r}).to_yaml(), end='')"
    assert run_published(program) == FULL

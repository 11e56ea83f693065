import { expect, it } from "vitest";
import { profileRows, schemaRows, sourceRows } from "./profile.ts";

it("columns of a table have names and types", () => {
  const text =
    '{"mlflow_colspec": [{"type": "double", "name": "x"}, {"type": "long", "name": "y", "required": false}]}';
  expect(schemaRows(text)).toEqual([
    { name: "x", type: "double", required: true },
    { name: "y", type: "long", required: false },
  ]);
});

it("tensors are named by their part", () => {
  const spec = [{ type: "tensor", "tensor-spec": { dtype: "float64", shape: [-1, 3] } }];
  const text = JSON.stringify({ mlflow_tensorspec: { features: JSON.stringify(spec), targets: spec } });
  expect(schemaRows(text)).toEqual([
    { name: "features", type: "tensor of float64, shape (-1, 3)", required: true },
    { name: "targets", type: "tensor of float64, shape (-1, 3)", required: true },
  ]);
});

it("profiles and sources are read as they are", () => {
  expect(profileRows('{"num_rows": 1500, "features_shape": [150, 4], "x": {"a": 1}}')).toEqual([
    ["num rows", "1,500"],
    ["features shape", "150 × 4"],
    ["x", '{"a":1}'],
  ]);
  expect(sourceRows('{"uri": "s3://a/b"}')).toEqual([["uri", "s3://a/b"]]);
  expect(sourceRows("plain")).toEqual([["source", "plain"]]);
});

it("a column that is none is still a row", () => {
  expect(schemaRows('{"mlflow_colspec": [null]}')).toEqual([
    { name: "column 0", type: "any", required: true },
  ]);
});

it.each([null, "", "[]", "no json", '{"mlflow_colspec": 1}'])("of %j there is nothing", (text) => {
  expect(schemaRows(text)).toEqual([]);
});

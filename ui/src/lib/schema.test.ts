import { describe, expect, it } from "vitest";
import { fieldsOf } from "./schema.ts";

describe("a signature's schema", () => {
  it("is read from the JSON in an MLmodel file", () => {
    const schema = JSON.stringify([
      { type: "double", name: "x", required: true },
      { type: "array", items: { type: "string" }, name: "tags", required: false },
      { type: "object", properties: { a: { type: "long" } }, name: "o" },
    ]);
    expect(fieldsOf(schema)).toEqual([
      { name: "x", type: "double", required: true },
      { name: "tags", type: "array of string", required: false },
      { name: "o", type: "{a: long}", required: true },
    ]);
  });
  it("tells tensors with their shape", () => {
    const schema = '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 28, 28]}}]';
    expect(fieldsOf(schema)).toEqual([
      { name: "column 0", type: "tensor of float32, shape (-1, 28, 28)", required: true },
    ]);
  });
  it("that cannot be read has no fields", () => {
    expect([fieldsOf("nonsense"), fieldsOf(null), fieldsOf({})]).toEqual([[], [], []]);
  });
  it.each([
    "[null]",
    "[1, []]",
    '[{"type": "tensor", "tensor-spec": {"shape": "x"}}]',
    '[{"type": "object", "properties": {"a": null}}]',
    '[{"type": {}, "name": {}, "shape": [{}, null]}]',
    `[${'{"type": "array", "items": '.repeat(5000)}1${"}".repeat(5000)}]`,
  ])("of another form than agreed is still told: %.40s", (schema) => {
    for (const { name, type } of fieldsOf(schema))
      expect([typeof name, typeof type]).toEqual(["string", "string"]);
  });
});

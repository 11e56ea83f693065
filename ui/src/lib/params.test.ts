import { expect, it } from "vitest";
import { asPython, asYaml, type Pair, paramRows } from "./params.ts";

const PAIRS: Pair[] = [
  ["lr", "0.1"],
  ["model.depth", "3"],
  ["model.head.width", "64"],
  ["model.head.act", "relu"],
  ["only/one/way", "x"],
  ["a..b", "odd"],
];
const told = (closed: string[] = []) =>
  paramRows(PAIRS, new Set(closed)).map(
    ({ label, depth, value }) => `${" ".repeat(depth)}${label}=${value ?? ""}`,
  );

it("keys that share a beginning stand below it, and single ones stay whole", () => {
  expect(told()).toEqual([
    "lr=0.1",
    "model.=",
    " depth=3",
    " head.=",
    "  width=64",
    "  act=relu",
    "only/one/way=x",
    "a..b=odd",
  ]);
});

it("what is closed hides what is below it", () => {
  expect(told(["model.head."])).toEqual([
    "lr=0.1",
    "model.=",
    " depth=3",
    " head.=",
    "only/one/way=x",
    "a..b=odd",
  ]);
  expect(paramRows(PAIRS, new Set()).map(({ path }) => path)).toContain("model.head.width");
});

it("a key that is also the beginning of others has its value and them", () => {
  const rows = paramRows(
    [
      ["a.", "1"],
      ["a.b", "2"],
    ],
    new Set(),
  );
  expect(rows).toEqual([
    { path: "a.", label: "a.", depth: 0, value: "1" },
    { path: "a.b", label: "b", depth: 1, value: "2" },
  ]);
});

it("params are copied as Python and as YAML", () => {
  const pairs: Pair[] = [
    ["lr", "1e-3"],
    ["a b", 'say "x"'],
    ["flag", "true"],
    ["on", "007"],
  ];
  expect(asPython(pairs)).toBe('{"lr": 1e-3, "a b": "say \\"x\\"", "flag": "true", "on": "007"}');
  expect(asYaml(pairs)).toBe('lr: 1e-3\n"a b": "say \\"x\\""\nflag: "true"\n"on": "007"\n');
});

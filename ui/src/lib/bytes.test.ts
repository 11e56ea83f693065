import { expect, it } from "vitest";
import { arrayHead, hexLines } from "./bytes.ts";

const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

it("bytes stand sixteen a line, with their letters", () => {
  const lines = hexLines(bytesOf("0123456789abcdef\0~"));
  expect(lines).toEqual([
    { offset: "0000", hex: "30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66", text: "0123456789abcdef" },
    { offset: "0010", hex: "00 7e", text: ".~" },
  ]);
  expect(hexLines(new Uint8Array())).toEqual([]);
});

it.each([
  [
    "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }",
    { dtype: "<f8", shape: [3, 4], order: "C" },
  ],
  [
    "{'descr': '|b1', 'fortran_order': True, 'shape': (5,), }",
    { dtype: "|b1", shape: [5], order: "Fortran" },
  ],
  ["{'descr': '<i8', 'fortran_order': False, 'shape': (), }", { dtype: "<i8", shape: [], order: "C" }],
  [
    "{'descr': [('x', '<f4'), ('y', '<f4')], 'fortran_order': False, 'shape': (2,), }",
    { dtype: "[('x', '<f4'), ('y', '<f4')]", shape: [2], order: "C" },
  ],
])("the head of an array is read: %s", (dict, head) => {
  expect(arrayHead(bytesOf(`\x93NUMPY\x01\x00\x76\x00${dict}\n`))).toEqual(head);
});

it("what is no array has no such head", () => expect(arrayHead(bytesOf("PK\x03\x04"))).toBeNull());

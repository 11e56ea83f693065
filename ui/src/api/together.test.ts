import { expect, test } from "vitest";
import { together } from "./together.ts";

function ways() {
  const asked: string[][] = [];
  const read = together({
    most: 2,
    one: async (id) => {
      asked.push([id]);
      if (id === "absent") throw new Error("No absent.");
      return `only ${id}`;
    },
    many: async (ids) => {
      asked.push(ids);
      return new Map(ids.filter((id) => id !== "absent").map((id) => [id, id.toUpperCase()]));
    },
  });
  return { asked, read };
}

test("what is asked for at one moment is one request, each thing once", async () => {
  const { asked, read } = ways();
  expect(await Promise.all([read("a"), read("b"), read("a")])).toEqual(["A", "B", "A"]);
  expect(asked).toEqual([["a", "b"]]);
});

test("one thing alone is asked for alone, and so is what a request leaves over", async () => {
  const { asked, read } = ways();
  expect(await read("a")).toBe("only a");
  expect(await Promise.all(["a", "b", "c"].map(read))).toEqual(["A", "B", "only c"]);
  expect(asked).toEqual([["a"], ["a", "b"], ["c"]]);
});

test("what is left out of an answer is asked for by itself, which says why", async () => {
  const { read } = ways();
  const [there, gone] = await Promise.allSettled([read("a"), read("absent")]);
  expect(there).toEqual({ status: "fulfilled", value: "A" });
  expect(gone).toMatchObject({ status: "rejected", reason: { message: "No absent." } });
});

import { expect, it } from "vitest";
import { readTar } from "./tar.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function member(name: string, content: string, kind = "0"): Uint8Array {
  const block = new Uint8Array(512 + Math.ceil(content.length / 512) * 512);
  block.set(bytes(name));
  block.set(bytes(content.length.toString(8).padStart(11, "0")), 124);
  block.set(bytes(kind), 156);
  block.set(bytes(content), 512);
  return block;
}

const join = (...parts: Uint8Array[]) => new Uint8Array(parts.flatMap((part) => [...part]));

it("tells the files of an archive, with long names", () => {
  const path = `deep/${"x".repeat(120)}.py`;
  const record = ` path=${path}\n`;
  const archive = join(
    member("a.txt", "hello"),
    member("folder/", "", "5"),
    member("pax", `${record.length + 3}${record}`, "x"),
    member("cut", "world"),
    new Uint8Array(1024),
  );
  const files = readTar(archive).map(({ path: name, content }) => [name, new TextDecoder().decode(content)]);
  expect(files).toEqual([
    ["a.txt", "hello"],
    [path, "world"],
  ]);
});

it("of something else is empty", () => {
  expect(readTar(new Uint8Array(100))).toEqual([]);
});

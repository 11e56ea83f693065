import { expect, it } from "vitest";
import { CLIENTS, firstRun } from "./firstRun.ts";

it.each(CLIENTS)("the program of %s names the server and the experiment", (client) => {
  const code = firstRun(client, "http://host:5000", "my experiment");
  expect(code).toContain("http://host:5000");
  expect(code).toContain("my experiment");
});

it("a name stays a name in Python and in the shell", () => {
  expect(firstRun("python", "http://host", 'a"b')).toContain('mlflow.set_experiment("a\\"b")');
  expect(firstRun("rest", "http://host", "it's")).toContain("name='it'\\''s'");
});

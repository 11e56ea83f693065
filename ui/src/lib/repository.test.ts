import { expect, it } from "vitest";
import { commitUrl } from "./repository.ts";

it.each([
  ["https://github.com/a/b.git", "https://github.com/a/b/commit/c0ffee"],
  ["git@gitlab.com:a/b.git", "https://gitlab.com/a/b/commit/c0ffee"],
  ["javascript:alert(1)//", null],
  ["/srv/git/b", null],
  ["", null],
])("a commit of %s is at %s", (repository, url) => {
  expect(commitUrl(repository, "c0ffee")).toBe(url);
});

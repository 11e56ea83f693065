import { expect, it } from "vitest";
import { parseDiff } from "./unifiedDiff.ts";

const TEXT = `diff --git a/train me.py b/train me.py
index 1..2 100644
--- a/train me.py
+++ b/train me.py
@@ -3,3 +3,4 @@ def main():
 same
-lr = 1
+lr = 2
+--- no head
\\ No newline at end of file
diff --git a/old.txt b/new.txt
similarity index 100%
rename from old.txt
rename to new.txt
diff --git a/x.bin b/x.bin
new file mode 100644
GIT binary patch
literal 3
`;

it("is read file by file, with the numbers of its lines", () => {
  const [changed, renamed, binary] = parseDiff(TEXT);
  expect(changed).toMatchObject({ path: "train me.py", state: "changed", added: 2, removed: 1 });
  expect(changed?.hunks[0]).toEqual({
    title: "def main():",
    lines: [
      { kind: "same", text: "same", before: 3, after: 3 },
      { kind: "removed", text: "lr = 1", before: 4, after: null },
      { kind: "added", text: "lr = 2", before: null, after: 4 },
      { kind: "added", text: "--- no head", before: null, after: 5 },
    ],
  });
  expect(renamed).toMatchObject({ path: "new.txt", from: "old.txt", state: "renamed" });
  expect(binary).toMatchObject({ path: "x.bin", state: "binary" });
});

it("of nothing has no files", () => {
  expect(parseDiff("")).toEqual([]);
});

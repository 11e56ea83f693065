/** Adds src/early.js as a hashed classic script that runs before the first paint; the page's policy forbids inline scripts. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

export function early(source: string): Plugin {
  const content = readFileSync(source, "utf8");
  const name = `assets/early-${createHash("sha256").update(content).digest("hex").slice(0, 8)}.js`;
  return {
    name: "early",
    apply: "build",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: name, source: content });
    },
    transformIndexHtml: () => [
      { tag: "script", attrs: { src: `__STATIC_PREFIX__/static-files/${name}` }, injectTo: "head-prepend" },
    ],
  };
}

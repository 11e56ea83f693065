import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { chunkOf } from "./bundle/chunks.ts";
import { compress } from "./bundle/compress.ts";
import { page } from "./bundle/page.ts";
import { runtime } from "./bundle/runtime.ts";

const folder = resolve(import.meta.dirname, "../src/mlflow/server/ui");

/** The server replaces __STATIC_PREFIX__ in index.html; scripts and styles find their neighbours by themselves. */
const builtUrl = (file: string, { hostType }: { hostType: string }) =>
  hostType === "html" ? `__STATIC_PREFIX__/static-files/${file}` : { relative: true };

export default defineConfig({
  plugins: [
    react(),
    page({
      early: resolve(import.meta.dirname, "src/early.js"),
      icon: resolve(import.meta.dirname, "src/app/logo.svg"),
    }),
    runtime(),
    compress(folder),
  ],
  resolve: { alias: { "@": resolve(import.meta.dirname, "src") } },
  build: {
    outDir: folder,
    emptyOutDir: true,
    manifest: true,
    cssCodeSplit: false, // one file of 12 KB is sooner there than ten small ones
    assetsInlineLimit: 0,
    // what the first screen needs in one file: many small ones cost it more than they save the others
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: chunkOf, debugName: "by screen", includeDependenciesRecursively: false }],
        },
      },
    },
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800, // bundle/budgets.ts judges what is sent
    target: ["chrome120", "firefox121", "safari17"],
  },
  experimental: { renderBuiltUrl: builtUrl },
  test: {
    isolate: false,
    testTimeout: 60_000, // a busy machine is no fault of the code
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/setup.test-env.ts"],
  },
});

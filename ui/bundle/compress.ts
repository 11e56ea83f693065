/** Writes compressed twins (.br, .gz) beside the built files; the server sends the one a browser takes. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const SMALLEST = 1024; // bytes; below that compression saves less than a packet
const COMPRESSIBLE = /\.(js|css|svg|json)$/;

export function compress(folder: string): Plugin {
  return {
    name: "compress",
    apply: "build",
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        const file = join(folder, name);
        if (COMPRESSIBLE.test(name) && statSync(file).size >= SMALLEST) writeTwins(file);
      }
    },
  };
}

function writeTwins(file: string): void {
  const content = readFileSync(file);
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  writeFileSync(`${file}.br`, brotliCompressSync(content, options));
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}

/**
 * Moves the bundler's runtime, half a kilobyte that it keeps apart, into the file that comes first anyway: each file costs
 * a request, and every other one would wait for this one.
 */
import type { OutputChunk, Plugin } from "rolldown";

const IMPORT = /import\{([^}]*)\}from"\.\/rolldown-runtime-[\w-]+\.js";/;
const EXPORTED = "runtime$"; // before the names under which the first file offers what is moved into it

export function runtime(): Plugin {
  return {
    name: "runtime",
    generateBundle: {
      order: "pre",
      handler(_, bundle) {
        const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
        const apart = chunks.find(({ name }) => name === "rolldown-runtime");
        const base = chunks.find(({ name }) => name === "base");
        if (!apart || !base) return;
        for (const chunk of chunks) {
          if (chunk === base) chunk.code = withRuntime(chunk, apart);
          else chunk.code = chunk.code.replace(IMPORT, (_, names: string) => fromBase(names, base));
          const others = chunk.imports.filter((file) => file !== apart.fileName);
          const moved = others.length < chunk.imports.length && chunk !== base;
          chunk.imports = moved ? [...new Set([base.fileName, ...others])] : others;
        }
        delete bundle[apart.fileName];
      },
    },
  };
}

const pairs = (names: string): [there: string, here: string][] =>
  names.split(",").map((pair) => {
    const [there, here = there] = pair.split(" as ");
    return [there as string, here as string];
  });

function withRuntime(base: OutputChunk, apart: OutputChunk): string {
  const [body, listed = ""] = apart.code.split("export{");
  const offered = pairs(listed.slice(0, listed.indexOf("}"))).map(([inside, outside]) => [outside, inside]);
  const whole = `const $runtime=(()=>{${body};return{${offered.map((pair) => pair.join(":")).join()}}})();`;
  const shared = offered.map(([outside]) => `const ${EXPORTED}${outside}=$runtime.${outside};`).join("");
  const exported = `export{${offered.map(([outside]) => EXPORTED + outside).join()}};`;
  const local = (names: string) =>
    pairs(names)
      .map(([there, here]) => `const ${here}=$runtime.${there};`)
      .join("");
  return base.code.replace(IMPORT, (_, names: string) => whole + local(names) + shared) + exported;
}

function fromBase(names: string, base: OutputChunk): string {
  const renamed = pairs(names).map(([there, here]) => `${EXPORTED}${there} as ${here}`);
  return `import{${renamed.join()}}from"./${base.fileName.split("/").at(-1)}";`;
}

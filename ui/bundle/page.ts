/** Puts into the page what else costs a request of its own, and has the font come beside the scripts. */
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const ICON = /<link rel="icon"[^>]*>/;
const EARLY = "<!-- early -->";

interface Files {
  /** Runs before the first paint; the server's policy allows it by its digest. */
  early: string;
  icon: string;
}

export function page({ early, icon }: Files): Plugin {
  const script = readFileSync(early, "utf8").replace(/^ *\/\/.*\n/gm, "");
  return {
    name: "page",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (html, { bundle = {} }) => {
        const font = Object.keys(bundle).find((name) => name.endsWith(".woff2"));
        const drawn = encodeURIComponent(readFileSync(icon, "utf8"));
        return html
          .replace(EARLY, () => `<script>${script}</script>`)
          .replace(ICON, () => `<link rel="icon" type="image/svg+xml" href="data:image/svg+xml,${drawn}" />`)
          .replace(
            "</head>",
            `  <link rel="preload" as="font" type="font/woff2" crossorigin href="__STATIC_PREFIX__/static-files/${font}" />\n  </head>`,
          );
      },
    },
  };
}

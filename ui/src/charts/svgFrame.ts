/** What SVG files of panels have in common: the ground, the title, and words. */

export interface Ink {
  ground: string;
  text: string;
  quiet: string;
  grid: string;
}

export const TITLE = 34; // pixels
const FONT = "Inter Variable, Inter, system-ui, sans-serif";

/** A whole file: the title, and below it what is drawn `height` pixels high. */
export function framed(
  title: string,
  width: number,
  height: number,
  body: readonly string[],
  ink: Ink,
): string {
  const whole = TITLE + height;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}" font-family="${FONT}" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" fill="${ink.ground}"/>`,
    words(12, 22, title, ink.text, 'font-size="14" font-weight="600"'),
    `<g transform="translate(0 ${TITLE})">`,
    ...body,
    "</g>",
    "</svg>",
  ].join("\n");
}

export const words = (x: number, y: number, text: string, fill: string, more = ""): string =>
  `<text x="${n(x)}" y="${n(y)}" fill="${fill}" ${more}>${escaped(text)}</text>`;

/** A length in pixels. */
export const n = (value: number): string => String(Math.round(value * 100) / 100);

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`).replace(UNPRINTABLE, "�");

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no place for them
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

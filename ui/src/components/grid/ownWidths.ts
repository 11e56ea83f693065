/** Widths that somebody gave to columns, in pixels: `metrics.loss:180`. */

type OwnWidths = ReadonlyMap<string, number>;

const [LEAST, MOST] = [60, 800];

const clampWidth = (width: number): number => Math.round(Math.min(MOST, Math.max(LEAST, width)));

export function parseWidths(texts: readonly string[]): OwnWidths {
  return new Map(
    texts.flatMap((text): [string, number][] => {
      const cut = text.lastIndexOf(":");
      const width = Number(text.slice(cut + 1));
      return cut > 0 && width > 0 ? [[text.slice(0, cut), clampWidth(width)]] : [];
    }),
  );
}

/** The texts with another width for a column; null takes its width away. Undefined where none is left. */
export function withWidth(widths: OwnWidths, id: string, width: number | null): string[] | undefined {
  const after = new Map(widths);
  if (width === null) after.delete(id);
  else after.set(id, clampWidth(width));
  return after.size ? [...after].map(([column, px]) => `${column}:${px}`) : undefined;
}

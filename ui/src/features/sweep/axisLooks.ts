/** How single axes are drawn, as texts of the URL: `params.lr:log`, `params.seed:flip`, `metrics.loss:linear,flip`. */

export interface AxisLook {
  scale?: "log" | "linear";
  flipped?: boolean;
}

export function parseLooks(texts: readonly string[]): ReadonlyMap<string, AxisLook> {
  return new Map(
    texts.flatMap((text): [string, AxisLook][] => {
      const cut = text.lastIndexOf(":");
      const words = text.slice(cut + 1).split(",");
      const scale = words.find((word) => word === "log" || word === "linear") as AxisLook["scale"];
      const flipped = words.includes("flip");
      return cut > 0 && (scale || flipped)
        ? [[text.slice(0, cut), { ...(scale ? { scale } : {}), ...(flipped ? { flipped } : {}) }]]
        : [];
    }),
  );
}

export const formatLooks = (looks: ReadonlyMap<string, AxisLook>): string[] =>
  [...looks].flatMap(([id, { scale, flipped }]) => {
    const words = [scale, flipped ? "flip" : undefined].filter((word) => word !== undefined);
    return words.length ? [`${id}:${words.join()}`] : [];
  });

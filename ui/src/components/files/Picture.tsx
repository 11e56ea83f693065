import { useState } from "react";
import { Segmented } from "../Segmented.tsx";
import { Empty } from "../State.tsx";
import { useAddress } from "../useAddress.ts";
import styles from "./Files.module.css";

const SMALL = 256; // pixels; up to that size each pixel is to be seen
const LARGE = 512; // pixels that a small picture is drawn over

const ZOOMS = [
  ["fit", "Fit"],
  ["1", "100 %"],
  ["2", "200 %"],
  ["4", "400 %"],
  ["8", "800 %"],
] as const;

/** Scripts in an SVG do not run in an <img>. */
export function Picture({ url, name }: { url: string; name: string }) {
  const [size, setSize] = useState<[number, number] | null>(null);
  const [failed, setFailed] = useState(false);
  const [{ zoom = "fit" }, change] = useAddress();
  if (failed) return <Empty title="The picture cannot be shown" />;
  const longest = size ? Math.max(...size) : 0;
  const small = size !== null && longest <= SMALL;
  const factor = zoom === "fit" ? (small ? Math.max(1, Math.floor(LARGE / longest)) : null) : Number(zoom);
  return (
    <figure className={styles.picture}>
      <figcaption>
        <Segmented
          label="Zoom"
          value={zoom}
          options={ZOOMS}
          onChange={(to) => change({ zoom: to === "fit" ? undefined : to })}
        />
        <span className="num">{size?.join(" × ")}</span>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={styles.zoomed} aria-label="Picture" tabIndex={0}>
        <img
          src={url}
          alt={name}
          data-sharp={factor !== null && factor > 1}
          data-fit={zoom === "fit"}
          width={size && factor !== null ? size[0] * factor : undefined}
          onError={() => setFailed(true)}
          onLoad={({ currentTarget }) => setSize([currentTarget.naturalWidth, currentTarget.naturalHeight])}
        />
      </section>
    </figure>
  );
}

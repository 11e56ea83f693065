import { useState } from "react";
import { Empty } from "../State.tsx";
import styles from "./Files.module.css";

const SMALL = 256; // pixels; up to that size each pixel is to be seen

/** Scripts in an SVG do not run in an <img>. */
export function Picture({ url, name }: { url: string; name: string }) {
  const [size, setSize] = useState<[number, number] | null>(null);
  const [failed, setFailed] = useState(false);
  if (failed) return <Empty title="The picture cannot be shown" />;
  const small = size !== null && Math.max(...size) <= SMALL;
  return (
    <figure className={styles.picture}>
      <img
        src={url}
        alt={name}
        data-small={small}
        width={small ? size[0] * Math.max(1, Math.floor(512 / Math.max(...size))) : undefined}
        onError={() => setFailed(true)}
        onLoad={({ currentTarget }) => setSize([currentTarget.naturalWidth, currentTarget.naturalHeight])}
      />
      <figcaption className="num">{size?.join(" × ")}</figcaption>
    </figure>
  );
}

/** A picture, which opens in full, a sound or a film that was logged at a step. */
import { useState } from "react";
import type { Files } from "@/api/files.ts";
import type { MediaKind, Shot } from "@/lib/mediaSeries.ts";
import styles from "./Media.module.css";
import { ZOOMED } from "./MediaBar.tsx";

interface MediaProps {
  kind: MediaKind;
  title: string;
  shot: Shot;
  files: Files;
  /** Each pixel is to be seen. */
  sharp: boolean;
  /** It is magnified, so the small picture will not do. */
  zoomed: boolean;
}

export function Media({ kind, title, shot, files, sharp, zoomed }: MediaProps) {
  const [failed, setFailed] = useState(false);
  const url = files.url(shot.path);
  const small = shot.small && !sharp && !zoomed && !failed ? files.url(shot.small) : url;
  const name = `${title}, step ${shot.step}`;
  if (kind === "audio") {
    // biome-ignore lint/a11y/useMediaCaption: a file of the user's, which has none
    return <audio className={styles.media} controls preload="none" src={url} aria-label={name} />;
  }
  if (kind === "video") {
    // biome-ignore lint/a11y/useMediaCaption: a file of the user's, which has none
    return <video className={styles.media} controls preload="metadata" src={url} aria-label={name} />;
  }
  return (
    <a
      className={`${styles.media} ${ZOOMED}`}
      href={url}
      target="_blank"
      rel="noreferrer"
      aria-label={`Open ${title} at step ${shot.step}`}
    >
      <img src={small} alt={name} loading="lazy" data-sharp={sharp} onError={() => setFailed(true)} />
    </a>
  );
}

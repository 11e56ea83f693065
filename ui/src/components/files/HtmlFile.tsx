import { useState } from "react";
import type { Files } from "@/api/files.ts";
import { Button } from "../Button.tsx";
import styles from "./Files.module.css";

/**
 * A page in a frame. First it may do nothing at all; when somebody asks, its scripts run in an origin of their own, without
 * access to this server, to the network or to other windows.
 */
export function HtmlFile({ files, path, text }: { files: Files; path: string; text: string }) {
  const [scripts, setScripts] = useState(false);
  const has = /<script|\son\w+=/i.test(text);
  return (
    <>
      {has && (
        <p className={styles.cut}>
          {scripts
            ? "The page's scripts run apart from this server and without network."
            : "The page's scripts have not been run."}
          <Button onClick={() => setScripts(!scripts)}>{scripts ? "Stop them" : "Run them"}</Button>
        </p>
      )}
      {scripts ? (
        <iframe className={styles.frame} sandbox="allow-scripts" src={files.pageUrl(path)} title={path} />
      ) : (
        <iframe className={styles.frame} sandbox="" srcDoc={text} title={path} />
      )}
    </>
  );
}

import { copyText } from "@/lib/copy.ts";
import { IconButton } from "./Button.tsx";
import styles from "./Snippet.module.css";

/** A few lines of code to copy. */
export function Snippet({ code, label = "Code" }: { code: string; label?: string }) {
  return (
    <div className={styles.snippet}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{code}</pre>
      <IconButton icon="copy" label={`Copy: ${label}`} onClick={() => copyText(code, label)} />
    </div>
  );
}

/** Markdown; its reader comes when it is needed, and until then the text is there as it was written. */
import { type ComponentProps, lazy, Suspense } from "react";
import styles from "./Markdown.module.css";

const View = lazy(() => import("./MarkdownView.tsx"));

export function Markdown(props: ComponentProps<typeof View>) {
  return (
    <Suspense fallback={<p className={styles.raw}>{props.text}</p>}>
      <View {...props} />
    </Suspense>
  );
}

/** Markdown; its reader comes when it is needed. Until then, and where it cannot be read, the text stands as it was written. */
import { Component, type ComponentProps, lazy, type ReactNode, Suspense } from "react";
import { readable } from "@/lib/markdown.ts";
import styles from "./Markdown.module.css";

const View = lazy(() => import("./MarkdownView.tsx"));

export function Markdown(props: ComponentProps<typeof View>) {
  const written = <p className={styles.raw}>{props.text}</p>;
  if (!readable(props.text)) return written;
  return (
    <Or key={props.text} other={written}>
      <Suspense fallback={written}>
        <View {...props} />
      </Suspense>
    </Or>
  );
}

/** What it holds, or the other where that fails: a text of somebody's takes no page with it. */
class Or extends Component<{ other: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? this.props.other : this.props.children;
  }
}

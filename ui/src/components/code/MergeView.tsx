/** Two texts as one, with what was taken out and what came in. */
import { unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import styles from "./CodeView.module.css";
import { language, reading } from "./CodeView.tsx";

interface MergeViewProps {
  before: string;
  after: string;
  name: string;
}

export function MergeView({ before, after, name }: MergeViewProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current) return;
    const view = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: after,
        extensions: [
          reading(name),
          language(name),
          unifiedMergeView({
            original: before,
            mergeControls: false,
            syntaxHighlightDeletions: false,
            gutter: true,
            collapseUnchanged: { margin: 3, minSize: 6 },
          }),
        ],
      }),
    });
    return () => view.destroy();
  }, [before, after, name]);
  return <div ref={box} className={styles.merge} />;
}

/** Text with numbers, colours, folding and a search, however long: only what is in view is in the page. */
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { yaml } from "@codemirror/lang-yaml";
import { codeFolding, foldGutter, foldKeymap } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import styles from "./CodeView.module.css";
import { look } from "./look.ts";

interface CodeViewProps {
  text: string;
  /** The file's name: what it is called, and by its ending the language. */
  name: string;
}

export function CodeView({ text, name }: CodeViewProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current) return;
    const view = new EditorView({
      parent: box.current,
      state: EditorState.create({ doc: text, extensions: [reading(name), language(name)] }),
    });
    return () => view.destroy();
  }, [text, name]);
  return <div ref={box} className={styles.code} />;
}

/** What a text that is only read needs. */
export const reading = (name: string): Extension => [
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.contentAttributes.of({ "aria-label": name, tabindex: "0" }),
  lineNumbers(),
  codeFolding(),
  foldGutter(),
  search({ top: true }),
  highlightSelectionMatches(),
  keymap.of([...searchKeymap, ...foldKeymap]),
  look,
];

export function language(name: string): Extension {
  if (/\.(py|pyi)$/i.test(name)) return python();
  if (/\.(json|geojson|ipynb|jsonl)$/i.test(name)) return json();
  if (/\.(ya?ml)$|^(.*\/)?(MLmodel|MLproject)$/i.test(name)) return yaml();
  return [];
}

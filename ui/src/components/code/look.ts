/** CodeMirror in the colours of the page. */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colors = HighlightStyle.define([
  { tag: [tags.keyword, tags.controlKeyword, tags.operatorKeyword], color: "var(--code-word)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: [tags.comment, tags.meta], color: "var(--text-3)" },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--code-key)" },
  { tag: [tags.function(tags.variableName), tags.definition(tags.variableName)], color: "var(--code-key)" },
  { tag: [tags.heading, tags.strong], fontWeight: "600" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.link, color: "var(--accent)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "12px" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-gutters": { color: "var(--text-3)", backgroundColor: "var(--surface)", border: "0" },
  ".cm-selectionBackground": { backgroundColor: "var(--accent-soft) !important" },
  ".cm-selectionMatch, .cm-searchMatch": {
    backgroundColor: "color-mix(in oklab, var(--warn) 25%, transparent)",
  },
  ".cm-searchMatch-selected": { backgroundColor: "color-mix(in oklab, var(--warn) 50%, transparent)" },
  ".cm-panels": { color: "var(--text)", backgroundColor: "var(--sunken)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-textfield": {
    backgroundColor: "var(--surface)",
    border: "1px solid var(--control)",
    borderRadius: "5px",
  },
  ".cm-button": { background: "var(--surface)", border: "1px solid var(--line)", borderRadius: "5px" },
  ".cm-changedLine, .cm-insertedLine": { backgroundColor: "var(--added) !important" },
  ".cm-deletedChunk": { backgroundColor: "var(--removed) !important", color: "var(--text)" },
  ".cm-changedText, .cm-deletedText": { background: "none !important", fontWeight: "600" },
  ".cm-collapsedLines": { color: "var(--text-2)", background: "var(--sunken)" },
  ".cm-foldPlaceholder": { color: "var(--text-2)", background: "var(--sunken)", border: "0" },
});

export const look: Extension = [theme, syntaxHighlighting(colors)];

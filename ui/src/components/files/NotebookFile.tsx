/** A notebook as it was left. Nothing in it runs: HTML stands in frames without scripts, drawings are pictures. */
import { useMemo } from "react";
import { cssColor, parseAnsi, settled } from "@/lib/ansi.ts";
import { Markdown } from "../Markdown.tsx";
import { Empty } from "../State.tsx";
import styles from "./Notebook.module.css";
import { type Cell, type Output, readNotebook } from "./notebook.ts";

const MOST_CELLS = 500;
const MOST_OUTPUTS = 50; // of one cell
const MOST_TEXT = 50_000; // characters of one output, or of a cell's code, that are drawn

export function NotebookFile({ text }: { text: string }) {
  const cells = useMemo(() => readNotebook(text), [text]);
  if (!cells) return <Empty title="This is no notebook" />;
  if (cells.length === 0) return <Empty title="The notebook has no cells" />;
  return (
    <div className={styles.book}>
      <ol>
        {cells.slice(0, MOST_CELLS).map((cell, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity
          <li key={at} data-kind={cell.kind}>
            <CellView cell={cell} at={at} />
          </li>
        ))}
      </ol>
      {cells.length > MOST_CELLS && <p>{cells.length - MOST_CELLS} more cells are not shown.</p>}
    </div>
  );
}

function CellView({ cell: { kind, text, count, outputs }, at }: { cell: Cell; at: number }) {
  if (kind === "markdown") return <Markdown text={text} />;
  return (
    <>
      {text && (
        <div className={styles.input}>
          <span className={styles.count}>{kind === "code" ? `[${count ?? " "}]` : ""}</span>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre tabIndex={0}>{cut(text)}</pre>
        </div>
      )}
      {outputs.slice(0, MOST_OUTPUTS).map((output, number) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: outputs have no identity
        <div key={number} className={styles.output} data-stream={"stream" in output && output.stream}>
          <OutputView output={output} name={`Output ${number + 1} of cell ${at + 1}`} />
        </div>
      ))}
      {outputs.length > MOST_OUTPUTS && (
        <p className={styles.none}>{outputs.length - MOST_OUTPUTS} more outputs are not shown.</p>
      )}
    </>
  );
}

const cut = (text: string): string => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text);

function OutputView({ output, name }: { output: Output; name: string }) {
  switch (output.kind) {
    case "picture":
      return <img src={output.url} alt={output.alt} />;
    case "html":
      return <iframe sandbox="" srcDoc={output.text} title={name} />;
    case "markdown":
      return <Markdown text={output.text} />;
    case "other":
      return <p className={styles.none}>Output of a kind that is not shown: {output.types.join(", ")}</p>;
    default:
      return <Terminal text={output.text} />;
  }
}

function Terminal({ text }: { text: string }) {
  const lines = cut(text).split("\n").map(settled).join("\n");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <pre tabIndex={0}>
      {parseAnsi(lines).map(({ text: part, style }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text have no identity
        <span key={at} data-bold={style.bold || undefined} style={{ color: cssColor(style.color) }}>
          {part}
        </span>
      ))}
    </pre>
  );
}

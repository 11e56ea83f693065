import { memo } from "react";
import { levelOf, parseAnsi, plainText, type Span } from "@/lib/ansi.ts";
import styles from "./LogsPage.module.css";

interface LogLineProps {
  number: number;
  text: string;
  /** What is searched for, in lower case. */
  wanted: string;
  chosen: boolean;
  onChoose: (number: number) => void;
}

export const LogLine = memo(function LogLine({ number, text, wanted, chosen, onChoose }: LogLineProps) {
  const spans = wanted ? marked(plainText(text), wanted) : parseAnsi(text);
  return (
    <div className={styles.line} data-chosen={chosen} data-level={levelOf(plainText(text))}>
      <button
        type="button"
        tabIndex={-1}
        aria-label={`Link to line ${number}`}
        onClick={() => onChoose(number)}
      >
        {number}
      </button>
      <code>
        {spans.map(({ text: part, style }, at) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: parts of a line have no identity
            key={at}
            data-found={"found" in style || undefined}
            data-bold={style.bold || undefined}
            data-dim={style.dim || undefined}
            data-italic={style.italic || undefined}
            data-underline={style.underline || undefined}
            style={{ color: css(style.color), background: css(style.background) }}
          >
            {part}
          </span>
        ))}
      </code>
    </div>
  );
});

const css = (color: string | undefined): string | undefined =>
  color && (color.startsWith("rgb") ? color : `var(--ansi-${color})`);

interface Found extends Span {
  style: Span["style"] & { found?: boolean };
}

function marked(text: string, wanted: string): Found[] {
  const parts: Found[] = [];
  const low = text.toLowerCase();
  let from = 0;
  for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, from)) {
    parts.push({ text: text.slice(from, at), style: {} });
    parts.push({ text: text.slice(at, at + wanted.length), style: { found: true } });
    from = at + wanted.length;
  }
  return [...parts, { text: text.slice(from), style: {} }];
}

import { memo } from "react";
import { cssColor, levelOf, parseAnsi, plainText, type Span } from "@/lib/ansi.ts";
import { formatCount } from "@/lib/format.ts";
import styles from "./LogsPage.module.css";

const MOST = 5000; // characters of a line that are drawn

interface LogLineProps {
  number: number;
  text: string;
  /** What is searched for, in lower case. */
  wanted: string;
  chosen: boolean;
  /** Whether it is the match that was gone to. */
  current: boolean;
  onChoose: (number: number) => void;
}

export const LogLine = memo(function LogLine(props: LogLineProps) {
  const { number, text, wanted, chosen, current, onChoose } = props;
  const shown = text.length > MOST ? text.slice(0, MOST) : text;
  const spans = wanted ? marked(plainText(shown), wanted) : parseAnsi(shown);
  return (
    <div
      className={styles.line}
      data-chosen={chosen}
      data-current={current}
      data-level={levelOf(plainText(shown))}
    >
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
            style={{ color: cssColor(style.color), background: cssColor(style.background) }}
          >
            {part}
          </span>
        ))}
        {shown !== text && <i>… {formatCount(text.length - MOST)} more characters</i>}
      </code>
    </div>
  );
});

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

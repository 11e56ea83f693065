/** What a run printed: live, searched, coloured as in a terminal. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { logUrl } from "@/api/files.ts";
import { runById } from "@/api/runs.ts";
import button from "@/components/Button.module.css";
import { Button, IconButton, Word } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Segmented } from "@/components/Segmented.tsx";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import { plainText, settled } from "@/lib/ansi.ts";
import { formatBytes, formatCount, plural } from "@/lib/format.ts";
import { allLines, linesAt } from "@/lib/logText.ts";
import { LogLine } from "./LogLine.tsx";
import styles from "./LogsPage.module.css";
import { CONSOLE, useLog } from "./useLog.ts";

const route = getRouteApi("/runs/$runId/logs");
const HEIGHT = 20;
const UPWARDS = new Set(["ArrowUp", "PageUp", "Home"]); // keys after which the end is no longer followed

export function LogsPage() {
  const { runId } = route.useParams();
  return <Log key={runId} runId={runId} />;
}

function Log({ runId }: { runId: string }) {
  const { data: run } = useQuery(runById(runId));
  const running = run?.status === "RUNNING";
  const { log, state, error } = useLog(runId, running);
  const lines = useMemo(() => allLines(log).map(settled), [log]);
  if (error && state !== "there") return <Failed error={error} />;
  if (state === "reading") return <Skeleton rows={14} />;
  if (state === "none") {
    return (
      <Empty title="No console output">
        <p>
          Runs started by <code>mlflow.start_run()</code> record what they print, unless{" "}
          <code>MLFLOW_CAPTURE_CONSOLE=false</code> is set.
        </p>
      </Empty>
    );
  }
  return (
    <>
      {error && (
        <p role="alert" className={styles.note}>
          {error.message}
        </p>
      )}
      {log.skipped > 0 && (
        <p className={styles.note}>
          This is the end of a long log, and lines are counted from here; the first {formatBytes(log.skipped)}{" "}
          are in the file.
        </p>
      )}
      <Lines runId={runId} lines={lines} running={running} />
    </>
  );
}

interface LinesProps {
  runId: string;
  lines: readonly string[];
  running: boolean;
}

function Lines({ runId, lines, running }: LinesProps) {
  const { line, q = "", lv } = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: object) =>
    void navigate({ to: "/runs/$runId/logs", search: (before) => ({ ...before, ...part }), replace: true });
  const [follow, setFollow] = useState(running && !line);
  const wanted = q.toLowerCase();
  const shown = useMemo(() => (lv ? linesAt(lines, lv) : null), [lines, lv]);
  const count = shown?.length ?? lines.length;
  const numberOf = (row: number) => shown?.[row] ?? row;
  const hits = useMemo(() => matches(lines, shown, wanted), [lines, shown, wanted]);
  const [hit, setHit] = useState(-1); // the match that was gone to
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => HEIGHT,
    overscan: 20,
    initialOffset: line && !lv ? (Number(line) - 6) * HEIGHT : 0,
  });
  useEffect(() => {
    if (follow && count) rows.scrollToIndex(count - 1, { align: "end" });
  }, [follow, count, rows]);
  const go = (to: number) => {
    if (!hits.length) return;
    const at = (to + hits.length) % hits.length;
    setHit(at);
    setFollow(false);
    rows.scrollToIndex(hits[at] as number, { align: "center" });
  };
  return (
    <section className={styles.page} aria-label="Console">
      <header className={styles.bar}>
        <div className={styles.search}>
          <Field
            label="Search the log"
            icon="search"
            shortcut="/"
            value={q}
            onChange={(event) => {
              setHit(-1);
              change({ q: event.target.value || undefined });
            }}
            onKeyDown={(event) => event.key === "Enter" && go(event.shiftKey ? hit - 1 : hit + 1)}
          />
        </div>
        {wanted && (
          <>
            <span className={styles.count} role="status">
              {hits.length
                ? `${Math.min(Math.max(hit, 0), hits.length - 1) + 1} of ${plural(hits.length, "line")}`
                : "No line"}
            </span>
            <IconButton
              icon="up"
              label="Previous match"
              disabled={!hits.length}
              onClick={() => go(hit - 1)}
            />
            <IconButton icon="down" label="Next match" disabled={!hits.length} onClick={() => go(hit + 1)} />
          </>
        )}
        <Segmented
          label="Level"
          value={lv ?? "all"}
          options={[
            ["all", "All"],
            ["warning", "Warnings"],
            ["error", "Errors"],
          ]}
          onChange={(level) => change({ lv: level === "all" ? undefined : level })}
        />
        <span className={styles.count}>
          {lv && `${formatCount(count)} of `}
          {plural(lines.length, "line")}
        </span>
        <Button icon="arrowDown" compact aria-pressed={follow} onClick={() => setFollow(!follow)}>
          Follow
        </Button>
        <a className={`${button.button} ${styles.download}`} href={logUrl(runId)} download={CONSOLE}>
          <Icon name="download" /> <Word>Download</Word>
        </a>
      </header>
      <div
        ref={box}
        className={styles.lines}
        role="log"
        aria-live="off"
        aria-label="Console output"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        onWheel={(event) => event.deltaY < 0 && setFollow(false)}
        onTouchMove={() => setFollow(false)}
        onKeyDown={({ key }) => UPWARDS.has(key) && setFollow(false)}
      >
        <div style={{ height: rows.getTotalSize(), position: "relative" }}>
          <div
            className={styles.window}
            style={{ transform: `translateY(${rows.getVirtualItems()[0]?.start ?? 0}px)` }}
          >
            {rows.getVirtualItems().map(({ index }) => (
              <LogLine
                key={numberOf(index)}
                number={numberOf(index) + 1}
                text={lines[numberOf(index)] as string}
                wanted={wanted}
                chosen={String(numberOf(index) + 1) === line}
                current={index === hits[hit]}
                onChoose={(number) => change({ line: String(number) })}
              />
            ))}
          </div>
        </div>
      </div>
    </section>
  );
}

/** The rows whose lines contain a text; `shown` are the lines that have a row, if not all. */
function matches(lines: readonly string[], shown: readonly number[] | null, wanted: string): number[] {
  if (!wanted) return [];
  const contains = (line: number) =>
    plainText(lines[line] ?? "")
      .toLowerCase()
      .includes(wanted);
  return (shown ?? lines).flatMap((_, row) => (contains(shown?.[row] ?? row) ? [row] : []));
}

/** Pictures of several runs in one place, so that going from one to the next shows what differs. */
import { useEffect, useId, useState } from "react";
import { runFiles } from "@/api/files.ts";
import type { RunRow } from "@/api/runRows.ts";
import { runStyle } from "@/lib/colors.ts";
import { type MediaSeries, shotAt } from "@/lib/mediaSeries.ts";
import { useTheme } from "@/lib/theme.ts";
import { Button } from "./Button.tsx";
import { ZOOMED } from "./MediaBar.tsx";
import styles from "./MediaStack.module.css";
import wide from "./WideTable.module.css";

const EVERY = 700; // milliseconds a picture while they blink

interface MediaStackProps {
  runs: readonly { run: Pick<RunRow, "id" | "name">; index: number; slot: number }[];
  /** What each run has, by its index. */
  all: readonly (readonly MediaSeries[])[];
  step: number;
  sharp: boolean;
  /** The run whose pictures are seen; the first where it is none of these. */
  on: string | undefined;
  onRun: (id: string | undefined) => void;
}

export function MediaStack({ runs, all, step, sharp, on, onRun }: MediaStackProps) {
  const theme = useTheme();
  const group = useId();
  const [blinking, setBlinking] = useState(false);
  const [next, setNext] = useState(0); // while they blink
  const told = Math.max(
    0,
    runs.findIndex(({ run }) => run.id === on),
  );
  const at = blinking ? Math.min(next, runs.length - 1) : told;
  const choose = (place: number) => {
    setBlinking(false);
    onRun(runs[place]?.run.id);
  };
  useEffect(() => {
    if (!blinking || runs.length < 2) return;
    const timer = setTimeout(() => setNext((at + 1) % runs.length), EVERY);
    return () => clearTimeout(timer);
  }, [blinking, at, runs.length]);
  const keys = [
    ...new Set(all.flatMap((own) => own.flatMap(({ kind, key }) => (kind === "image" ? [key] : [])))),
  ];
  if (keys.length === 0) return <p className={styles.none}>Only pictures can lie on one another.</p>;
  return (
    <div className={wide.scroll}>
      <fieldset className={styles.runs}>
        <legend className="sr-only">The run whose pictures are shown</legend>
        {runs.map(({ run, slot }, place) => (
          <label key={run.id}>
            <input type="radio" name={group} checked={place === at} onChange={() => choose(place)} />
            <i style={{ background: runStyle(slot, theme).color }} />
            {run.name || run.id}
          </label>
        ))}
        <Button
          aria-pressed={blinking}
          onClick={() => {
            setNext(at);
            if (blinking) choose(at);
            else setBlinking(true);
          }}
        >
          {blinking ? "Stop blinking" : "Blink"}
        </Button>
      </fieldset>
      <div className={styles.places}>
        {keys.map((key) => (
          <figure key={key}>
            <figcaption>{key}</figcaption>
            <div className={`${styles.place} ${ZOOMED}`}>
              {runs.map(({ run, index }, place) => (
                <Layer
                  key={run.id}
                  run={run}
                  series={all[index]?.find((one) => one.kind === "image" && one.key === key)}
                  {...{ step, sharp }}
                  shown={place === at}
                  loaded={place === at || place === (at + 1) % runs.length}
                />
              ))}
            </div>
          </figure>
        ))}
      </div>
    </div>
  );
}

interface LayerProps {
  run: Pick<RunRow, "id" | "name">;
  series: MediaSeries | undefined;
  step: number;
  sharp: boolean;
  shown: boolean;
  /** Whether it is seen now or next. */
  loaded: boolean;
}

/** What was seen stays loaded and the next is, so that it is there at once. */
function Layer({ run, series, step, sharp, shown, loaded }: LayerProps) {
  const [ever, setEver] = useState(loaded);
  if (loaded && !ever) setEver(true);
  const shot = series && shotAt(series, step);
  if (!ever) return null;
  if (!series || !shot) return shown ? <p>{run.name || run.id} has none.</p> : null;
  const name = `${series.key} of ${run.name || run.id}, step ${shot.step}`;
  return (
    <img src={runFiles(run.id).url(shot.path)} alt={shown ? name : ""} hidden={!shown} data-sharp={sharp} />
  );
}

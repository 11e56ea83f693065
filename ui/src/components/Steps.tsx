/** Steps to go through: a slider, and a button that plays them. */
import { useEffect, useState } from "react";
import { formatCount, plural } from "@/lib/format.ts";
import { Button } from "./Button.tsx";
import styles from "./Steps.module.css";

const FRAME = 400; // milliseconds a step while playing

interface StepsProps {
  steps: readonly number[];
  /** The place of the shown step. */
  at: number;
  onAt: (at: number) => void;
}

export function Steps({ steps, at, onAt }: StepsProps) {
  const [playing, setPlaying] = useState(false);
  const last = steps.length - 1;
  const step = steps[at] ?? 0;
  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => (at >= last ? setPlaying(false) : onAt(at + 1)), FRAME);
    return () => clearTimeout(timer);
  });
  const play = () => {
    if (!playing && at >= last) onAt(0);
    setPlaying(!playing);
  };
  return (
    <>
      {steps.length > 1 && (
        <>
          <Button aria-pressed={playing} onClick={play}>
            {playing ? "Pause" : "Play"}
          </Button>
          <label className={styles.slider}>
            Step
            <input
              type="range"
              min={0}
              max={last}
              value={at}
              aria-valuetext={`Step ${step}`}
              onChange={(event) => onAt(Number(event.target.value))}
            />
          </label>
        </>
      )}
      <b className="num">Step {formatCount(step)}</b>
      <span className={styles.quiet}>{plural(steps.length, "step")}</span>
    </>
  );
}

/** The place of the step in the URL; the last one where the URL has none. */
export function placeOf(steps: readonly number[], wanted: string | undefined): number {
  if (wanted === undefined) return steps.length - 1;
  return Math.max(
    0,
    steps.findLastIndex((step) => step <= Number(wanted)),
  );
}

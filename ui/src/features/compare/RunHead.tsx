/** The head of a run's column: it is dragged to another place, or moved there by its arrows or by keys. */
import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useLayoutEffect, useRef } from "react";
import type { Run } from "@/api/runs.ts";
import { IconButton } from "@/components/Button.tsx";
import { runStyle } from "@/lib/colors.ts";
import { useSlots } from "@/lib/ownColors.ts";
import { useTheme } from "@/lib/theme.ts";
import styles from "./CompareTable.module.css";
import type { Compared } from "./useCompared.ts";

const DRAGGED = "application/x-mlflow-run";
const KEYS = new Map([
  ["ArrowLeft", -1],
  ["ArrowRight", 1],
]);

interface RunHeadProps {
  run: Run;
  index: number;
  compared: Compared;
  width: number;
}

/* biome-ignore-start lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: of a table that leaves out rows and columns */
export function RunHead({ run, index, compared, width }: RunHeadProps) {
  const theme = useTheme();
  const { runs, reference, change, remove } = compared;
  const slots = useSlots(runs.map(({ id }) => id));
  const name = run.name || run.id;
  const chosen = reference?.id === run.id;
  const box = useRef<HTMLDivElement>(null);
  const focused = useRef<Element | null>(null); // before it was moved, which takes the focus from it
  const move = (by: number) => {
    focused.current = document.activeElement;
    compared.move(run.id, by);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is in another place
  useLayoutEffect(() => {
    if (!box.current?.contains(focused.current)) return;
    if (focused.current instanceof HTMLElement) focused.current.focus();
    focused.current = null;
    box.current.scrollIntoView({ inline: "nearest", block: "nearest" });
  }, [index]);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = KEYS.get(event.key);
    if (by === undefined || !event.altKey || !event.shiftKey) return;
    event.preventDefault();
    move(by);
  };
  const arrow = (by: -1 | 1) => {
    const side = by < 0 ? "left" : "right";
    const last = index === (by < 0 ? 0 : runs.length - 1);
    return (
      <IconButton
        icon={side}
        label={`Move ${name} to the ${side}`}
        title={`To the ${side} (Alt Shift ${by < 0 ? "←" : "→"})`}
        aria-disabled={last}
        onClick={() => move(by)}
      />
    );
  };
  return (
    <div
      ref={box}
      role="columnheader"
      aria-colindex={index + 2}
      className={styles.run}
      style={{ width }}
      draggable
      onKeyDown={onKeyDown}
      onDragStart={(event) => event.dataTransfer.setData(DRAGGED, run.id)}
      onDragOver={(event) => event.dataTransfer.types.includes(DRAGGED) && event.preventDefault()}
      onDrop={(event) => {
        const from = runs.findIndex(({ id }) => id === event.dataTransfer.getData(DRAGGED));
        if (from < 0) return;
        event.preventDefault();
        compared.move(runs[from]?.id ?? "", index - from);
      }}
    >
      <div>
        <i style={{ background: runStyle(slots.get(run.id) ?? index, theme).color }} />
        <Link className="cut" to="/runs/$runId" params={{ runId: run.id }} search={{}} title={name}>
          {name}
        </Link>
        <IconButton icon="close" label={`Remove ${name}`} onClick={() => remove(run.id)} />
      </div>
      <div>
        <label>
          <input type="radio" name="reference" checked={chosen} onChange={() => change({ b: run.id })} />
          {chosen ? "Reference" : "Compare with it"}
        </label>
        <span className={styles.moves}>
          {arrow(-1)}
          {arrow(1)}
        </span>
      </div>
    </div>
  );
}
/* biome-ignore-end lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: of a table that leaves out rows and columns */

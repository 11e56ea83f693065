/** The runs at a place of a chart that somebody pressed on: they stay, to be opened or taken out of the charts. */
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { IconButton } from "@/components/Button.tsx";
import type { Axis } from "@/lib/axes.ts";
import { formatNumber } from "@/lib/format.ts";
import styles from "./Chart.module.css";
import { formatX } from "./plot.ts";
import { type Hovered, placeBeside } from "./Tooltip.tsx";

interface HeldTooltipProps {
  hovered: Hovered;
  axis: Axis;
  width: number;
  onHide?: (id: string) => void;
  onClose: () => void;
}

const RUN = /^[0-9a-f]{32}$/; // a group of runs has another id

export function HeldTooltip({ hovered, axis, width, onHide, onClose }: HeldTooltipProps) {
  const { x, near } = hovered;
  const place = formatX(axis, x);
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.querySelector<HTMLElement>("a, button")?.focus(), []);
  return (
    <section
      ref={box}
      className={styles.tip}
      data-held
      style={{ top: 8, ...placeBeside(hovered, width) }}
      aria-label={`Runs at ${place}`}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header>
        {place}
        <IconButton icon="close" label="Close these runs" onClick={onClose} />
      </header>
      <ul>
        {near.map(({ series, line: { run, style, name }, value }) => (
          <li key={series}>
            <i style={{ background: style.color }} />
            {RUN.test(run.id) ? (
              <Link to="/runs/$runId" params={{ runId: run.id }} search={{}} title={name}>
                {name}
              </Link>
            ) : (
              <span title={name}>{name}</span>
            )}
            <b className="num">{formatNumber(value)}</b>
            {onHide && (
              <IconButton
                icon="close"
                label={`Take ${run.name} out of the charts`}
                onClick={() => {
                  onHide(run.id);
                  onClose();
                }}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

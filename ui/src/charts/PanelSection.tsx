/** A section of panels: its head opens and closes it; panels are dropped into it. */

import { type DragEvent, type ReactNode, useState } from "react";
import { IconButton } from "@/components/Button.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { PanelGrid } from "./PanelGrid.tsx";
import styles from "./Panels.module.css";

export const DRAGGED = "application/x-mlflow-panel";

export interface SectionActions {
  toggle: () => void;
  rename: () => void;
  up?: () => void;
  down?: () => void;
  remove?: () => void;
  /** Takes back all that was arranged; absent where nothing was. */
  reset?: () => void;
  drop: (metric: string, before?: string) => void;
}

interface PanelSectionProps {
  title: string;
  closed: boolean;
  /** What can be done with it; without it only opening and closing. */
  actions?: SectionActions;
  metrics: readonly string[];
  draw: (metric: string) => ReactNode;
}

export function PanelSection({ title, closed, actions, metrics, draw }: PanelSectionProps) {
  const [own, setOwn] = useState(closed); // where nobody keeps it
  const [over, setOver] = useState<string | null>(null);
  const shut = actions ? closed : own;
  const dropping = (before: string | undefined) => ({
    onDragOver: (event: DragEvent) => {
      if (!actions || !event.dataTransfer.types.includes(DRAGGED)) return;
      event.preventDefault();
      event.stopPropagation();
      setOver(before ?? "");
    },
    onDragLeave: () => setOver(null),
    onDrop: (event: DragEvent) => {
      const metric = event.dataTransfer.getData(DRAGGED);
      if (!actions || !metric) return;
      event.preventDefault();
      event.stopPropagation();
      setOver(null);
      if (metric !== before) actions.drop(metric, before);
    },
  });
  return (
    <div className={styles.section} data-over={over === ""} {...dropping(undefined)}>
      <div className={styles.sectionHead}>
        <h2>
          <button
            type="button"
            aria-expanded={!shut}
            onClick={() => (actions ? actions.toggle() : setOwn(!own))}
          >
            <Icon name={shut ? "right" : "down"} size={14} />
            {title || "Metrics"} <small className="num">{metrics.length}</small>
          </button>
        </h2>
        {actions && <SectionMenu title={title || "Metrics"} actions={actions} />}
      </div>
      {!shut && metrics.length === 0 && (
        <p className={styles.hint}>Drag panels here by their heads, or move them by their menus.</p>
      )}
      {!shut && (
        <PanelGrid
          metrics={metrics}
          draw={(metric) => (
            <div key={metric} className={styles.slot} data-over={over === metric} {...dropping(metric)}>
              {draw(metric)}
            </div>
          )}
        />
      )}
    </div>
  );
}

function SectionMenu({ title, actions }: { title: string; actions: SectionActions }) {
  const { rename, up, down, remove, reset } = actions;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <IconButton icon="more" label={`Options of the section ${title}`} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Icon name="pencil" />} onClick={rename}>
          Rename…
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="arrowUp" />} disabled={!up} onClick={up}>
          Move up
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="arrowDown" />} disabled={!down} onClick={down}>
          Move down
        </Menu.Item>
        {remove && (
          <Menu.Item leftSection={<Icon name="trash" />} onClick={remove}>
            Delete the section
          </Menu.Item>
        )}
        {reset && (
          <Menu.Item leftSection={<Icon name="restore" />} onClick={reset}>
            All sections as at first
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** All sections of panels, and ways to arrange them. */
import { type ReactNode, useMemo, useState } from "react";
import { NameDialog } from "@/components/Dialog.tsx";
import { announce } from "@/lib/announce.ts";
import { matching } from "./groups.ts";
import { PanelGrid } from "./PanelGrid.tsx";
import { PanelSection, type SectionActions } from "./PanelSection.tsx";
import styles from "./Panels.module.css";
import {
  arranged,
  formatSections,
  movedPanel,
  movedSection,
  parseSections,
  type Section,
} from "./sections.ts";
import type { PanelMoves } from "./types.ts";

interface SectionsProps {
  metrics: readonly string[];
  grouping: (keys: readonly string[]) => [string, string[]][];
  search: string;
  /** What somebody arranged, as the URL tells it. */
  kept: readonly string[] | undefined;
  /** Without it the sections are those of the grouping. */
  onKept?: (texts: string[] | undefined) => void;
  /** Whether a new section is being named. */
  naming: boolean;
  onNamed: () => void;
  draw: (metric: string, moves?: PanelMoves) => ReactNode;
}

export function Sections(props: SectionsProps) {
  const { metrics, grouping, search, kept, onKept, draw } = props;
  const [renamed, setRenamed] = useState<number | null>(null);
  const joined = kept?.join("\0");
  const sections = useMemo(
    () => arranged(metrics, parseSections(joined ? joined.split("\0") : []), grouping),
    [metrics, joined, grouping],
  );
  const keep = (next: readonly Section[]) => onKept?.(formatSections(next));
  const change = (at: number, part: Partial<Section>) =>
    keep(sections.map((section, place) => (place === at ? { ...section, ...part } : section)));
  const move = (metric: string, to: number, before?: string) => {
    const moved = movedPanel(sections, metric, to, before);
    keep(moved);
    const { title = "", shown = [] } = arranged(metrics, moved, grouping)[to] ?? {};
    announce(`${metric} is panel ${shown.indexOf(metric) + 1} of ${shown.length} in ${title || "Metrics"}.`);
  };
  const actionsOf = (at: number): SectionActions => ({
    toggle: () => change(at, { closed: !sections[at]?.closed }),
    rename: () => setRenamed(at),
    up: at > 0 ? () => keep(movedSection(sections, at, -1)) : undefined,
    down: at < sections.length - 1 ? () => keep(movedSection(sections, at, 1)) : undefined,
    remove: sections[at]?.source === null ? () => keep(sections.toSpliced(at, 1)) : undefined,
    reset: kept && (() => onKept?.(undefined)),
    drop: (metric, before) => move(metric, at, before),
  });
  const movesOf = (metric: string, at: number): PanelMoves => {
    const order = sections[at]?.shown ?? [];
    const place = order.indexOf(metric);
    return {
      sections: sections.flatMap(({ title }, to) =>
        to === at ? [] : [{ title: title || "Metrics", go: () => move(metric, to) }],
      ),
      earlier: place > 0 ? () => move(metric, at, order[place - 1]) : undefined,
      later: place < order.length - 1 ? () => move(metric, at, order[place + 2]) : undefined,
    };
  };
  const alone = sections.length === 1 && sections[0]?.title === "";
  return (
    <>
      {sections.map(({ title, source, closed, shown }, at) => {
        const found = matching(shown, search);
        if (found.length === 0 && (search || source !== null)) return null;
        const panel = (key: string) => draw(key, onKept && movesOf(key, at));
        return alone ? (
          <div key="" className={styles.section}>
            <PanelGrid metrics={found} draw={panel} />
          </div>
        ) : (
          <PanelSection
            key={`${source} ${title}`}
            title={title}
            closed={closed}
            actions={onKept && actionsOf(at)}
            metrics={found}
            draw={panel}
          />
        );
      })}
      {props.naming && (
        <NameDialog
          title="New section"
          label="Name"
          action="Create"
          onClose={props.onNamed}
          submit={async (title) => keep([{ title, source: null, closed: false, keys: [] }, ...sections])}
        />
      )}
      {renamed !== null && (
        <NameDialog
          title="Rename the section"
          label="Name"
          action="Rename"
          start={sections[renamed]?.title}
          onClose={() => setRenamed(null)}
          submit={async (title) => change(renamed, { title })}
        />
      )}
    </>
  );
}

import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Activity, Experiment } from "@/api/experiments.ts";
import { ExperimentMenu } from "@/components/ExperimentMenu.tsx";
import { Icon } from "@/components/Icon.tsx";
import { NameField } from "@/components/NameField.tsx";
import { ownTags, TagChips } from "@/components/TagChips.tsx";
import { useEditExperiment } from "@/components/useEditExperiment.ts";
import { formatAgo, formatCount, formatTime, plural } from "@/lib/format.ts";
import { useStarred } from "@/lib/starred.ts";
import { useNow } from "@/lib/useNow.ts";
import { DayBars } from "./DayBars.tsx";
import styles from "./ExperimentsPage.module.css";

const SHOWN_PEOPLE = 2;

interface ExperimentRowProps {
  experiment: Experiment;
  /** Unknown until it is read. */
  activity: Activity | undefined;
  ticked: boolean;
  toggle: (id: string) => void;
  onTag: (key: string, value: string) => void;
  top: number;
}

export function ExperimentRow({ experiment, activity, ticked, toggle, onTag, top }: ExperimentRowProps) {
  const now = useNow();
  const { experiment_id: id, name, tags } = experiment;
  const last = activity?.last ?? experiment.creation_time;
  const [renaming, setRenaming] = useState(false);
  const { rename } = useEditExperiment(id, name);
  const people = activity?.users ?? [];
  return (
    <li className={styles.row} data-ticked={ticked} style={{ transform: `translateY(${top}px)` }}>
      <input type="checkbox" aria-label={`Select ${name}`} checked={ticked} onChange={() => toggle(id)} />
      <Star id={id} name={name} />
      {renaming ? (
        <span className={styles.renamed}>
          <NameField
            label="Name of the experiment"
            name={name}
            save={rename}
            onDone={() => setRenaming(false)}
          />
        </span>
      ) : (
        <Link
          className={`${styles.name} cut`}
          to="/experiments/$experimentId"
          params={{ experimentId: id }}
          search={{}}
          title={name}
          dir="auto"
        >
          {name}
        </Link>
      )}
      <span className={`${styles.quiet} ${styles.count} num`}>
        {activity ? plural(activity.runs, "run") : ""}
      </span>
      <span className={styles.running} style={{ color: "var(--run)" }}>
        {activity?.running ? `● ${formatCount(activity.running)} running` : ""}
      </span>
      <span className={styles.quiet} title={last ? formatTime(last) : undefined}>
        {last && activity ? formatAgo(last, now) : ""}
      </span>
      <span className={styles.days} title="Runs started on each of the latest 14 days">
        {activity && activity.runs > 0 && <DayBars days={activity.days} />}
      </span>
      <div className={styles.tags}>
        <TagChips tags={ownTags(tags)} onPick={onTag} />
      </div>
      <span className={`${styles.people} cut`} title={people.join(", ")}>
        {people.length > 0 && <span className="sr-only">Runs of </span>}
        {people.slice(0, SHOWN_PEOPLE).join(", ")}
        {people.length > SHOWN_PEOPLE && ` +${people.length - SHOWN_PEOPLE}`}
      </span>
      <ExperimentMenu experiment={experiment} rename={() => setRenaming(true)} />
    </li>
  );
}

function Star({ id, name }: { id: string; name: string }) {
  const starred = useStarred((state) => state.ids.includes(id));
  const toggle = useStarred((state) => state.toggle);
  return (
    <button
      type="button"
      className={styles.star}
      aria-pressed={starred}
      aria-label={`Star ${name}`}
      title={starred ? "No longer at the top" : "Keep at the top of this list"}
      onClick={() => toggle(id)}
    >
      <Icon name="star" />
    </button>
  );
}

/** Which experiments the runs are of. */

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { experimentList, experimentsById, LATEST_EXPERIMENTS } from "@/api/experiments.ts";
import { toFilter } from "@/lib/filter.ts";
import { useSettled } from "@/lib/useSettled.ts";
import { Button, Word } from "./Button.tsx";
import { ButtonPopover } from "./ButtonPopover.tsx";
import styles from "./ChoiceList.module.css";
import { Field } from "./Field.tsx";

interface ChooseProps {
  /** Undefined where all are meant. */
  chosen: readonly string[] | undefined;
  onChange: (ids: string[] | undefined) => void;
}

export function ChooseExperiments(props: ChooseProps) {
  return (
    <ButtonPopover
      icon="flask"
      label="Experiments"
      text={
        <>
          <Word>Experiments</Word> <span className="num">{props.chosen?.length ?? "all"}</span>
        </>
      }
    >
      {() => <Chooser {...props} />}
    </ButtonPopover>
  );
}

function Chooser({ chosen = [], onChange }: ChooseProps) {
  const [text, setText] = useState("");
  const filter = toFilter(useSettled(text, 150), "name");
  const found = useInfiniteQuery(experimentList({ ...LATEST_EXPERIMENTS, filter }));
  const [atFirst] = useState(chosen); // they stand above the others; what is ticked later stays where it is
  const named = useQuery(experimentsById(atFirst)).data ?? [];
  const listed = found.data?.pages.flatMap(({ experiments }) => experiments ?? []) ?? [];
  const others = listed.filter(({ experiment_id }) => !atFirst.includes(experiment_id));
  const toggle = (id: string) => {
    const after = chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id];
    onChange(after.length ? after : undefined);
  };
  return (
    <div className={styles.panel}>
      <Field
        label="Find an experiment"
        icon="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        data-autofocus
      />
      {found.error && <p role="alert">{found.error.message}</p>}
      <fieldset className={styles.list}>
        <legend className="sr-only">Experiments whose runs are shown</legend>
        {[...named, ...others].map(({ experiment_id: id, name }) => (
          <label key={id} className={styles.option}>
            <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
            <span className="cut" title={name}>
              {name}
            </span>
          </label>
        ))}
        {found.data && listed.length === 0 && <p>Nothing matches.</p>}
      </fieldset>
      <div className={styles.actions}>
        <Button look="quiet" disabled={!chosen.length} onClick={() => onChange(undefined)}>
          All experiments
        </Button>
      </div>
    </div>
  );
}

/** Gives a version an alias or a stage; what the registry's checks found is shown before the dialog closes. */
import { type FormEvent, useState } from "react";
import { type Model, moveToStage, STAGES, setAlias, type Version } from "@/api/models.ts";
import { Button } from "@/components/Button.tsx";
import { Dialog } from "@/components/Dialog.tsx";
import { Field } from "@/components/Field.tsx";
import { Segmented } from "@/components/Segmented.tsx";
import { Checks } from "./Checks.tsx";
import styles from "./Models.module.css";
import { usePromotion, type Verdict } from "./usePromotion.ts";

interface PromoteProps {
  model: Model;
  version: Version;
}

export function Promote(props: PromoteProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="primary" icon="up" onClick={() => setOpen(true)}>
        Promote
      </Button>
      {open && <PromoteDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

const PROMOTED = STAGES.filter((stage) => stage !== "None");

function PromoteDialog({ model, version, onClose }: PromoteProps & { onClose: () => void }) {
  const { name, version: number, current_stage } = version;
  const [kind, setKind] = useState<"alias" | "stage">("alias");
  const [alias, setAliasName] = useState("");
  const [stage, setStage] = useState("");
  const [archive, setArchive] = useState(true);
  const { busy, verdict, ask, again } = usePromotion(name, number);
  const target = kind === "alias" ? alias.trim() : stage;
  const archives = stage === "Staging" || stage === "Production";
  const send = (event: FormEvent) => {
    event.preventDefault();
    void ask(() =>
      kind === "alias"
        ? setAlias(name, target, number)
        : moveToStage(name, number, stage, archive && archives),
    );
  };
  const title = `Promote v${number}`;
  if (verdict) {
    return (
      <Dialog title={title} onClose={onClose}>
        <Result verdict={verdict} what={kind === "alias" ? `@${target}` : target} version={number} />
        <div className={styles.actions}>
          {!verdict.granted && <Button onClick={again}>Choose another</Button>}
          <Button look="primary" onClick={onClose} data-autofocus>
            Done
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={styles.form} onSubmit={send}>
        <Segmented
          label="What it is given"
          value={kind}
          options={[
            ["alias", "An alias"],
            ["stage", "A stage"],
          ]}
          onChange={setKind}
        />
        {kind === "alias" ? (
          <AliasChoice model={model} version={number} alias={alias} onAlias={setAliasName} />
        ) : (
          <fieldset className={styles.stages}>
            <legend className="sr-only">Stage</legend>
            {PROMOTED.map((one) => (
              <label key={one}>
                <input
                  type="radio"
                  name="target"
                  disabled={one === current_stage}
                  checked={one === stage}
                  onChange={() => setStage(one)}
                />{" "}
                {one}
                {one === current_stage && " (now)"}
              </label>
            ))}
            {archives && (
              <label>
                <input
                  type="checkbox"
                  checked={archive}
                  onChange={(event) => setArchive(event.target.checked)}
                />{" "}
                Archive the versions that are in {stage} now
              </label>
            )}
          </fieldset>
        )}
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy || !target}>
            {busy ? "Asking the checks…" : "Promote"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface AliasChoiceProps {
  model: Model;
  version: string;
  alias: string;
  onAlias: (alias: string) => void;
}

function AliasChoice({ model: { aliases }, version, alias, onAlias }: AliasChoiceProps) {
  const others = aliases.filter((one) => one.version !== version);
  return (
    <>
      {others.length > 0 && (
        <fieldset className={styles.stages}>
          <legend className="sr-only">Aliases of other versions</legend>
          {others.map((one) => (
            <label key={one.alias}>
              <input
                type="radio"
                name="target"
                checked={one.alias === alias}
                onChange={() => onAlias(one.alias)}
              />{" "}
              @{one.alias}, now v{one.version}
            </label>
          ))}
        </fieldset>
      )}
      <Field
        label={others.length ? "Or another alias" : "Alias"}
        visibleLabel
        placeholder="champion"
        value={alias}
        autoComplete="off"
        onChange={(event) => onAlias(event.target.value.replace(/^@/, ""))}
        data-autofocus
      />
    </>
  );
}

function Result({ verdict, what, version }: { verdict: Verdict; what: string; version: string }) {
  const { granted, message, evidence } = verdict;
  return (
    <div className={styles.verdict} role="status">
      <p data-granted={granted}>{granted ? `v${version} is ${what}.` : `v${version} is not ${what}.`}</p>
      {evidence.length > 0 ? (
        <Checks evidence={evidence} />
      ) : (
        <p className={styles.quiet}>{granted ? "The registry has no checks for this." : message}</p>
      )}
    </div>
  );
}

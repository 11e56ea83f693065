import { type FormEvent, useState } from "react";
import { commentOn, modelKeys, moveToStage, STAGES, type Version } from "@/api/models.ts";
import { Button } from "@/components/Button.tsx";
import { Dialog } from "@/components/Dialog.tsx";
import { Field } from "@/components/Field.tsx";
import { useEdit } from "@/lib/useEdit.ts";
import styles from "./Models.module.css";

/** A version's stage, and a dialog to move it to another. */
export function Stage({ version }: { version: Version }) {
  const [open, setOpen] = useState(false);
  const stage = version.current_stage ?? "None";
  return (
    <>
      <Button onClick={() => setOpen(true)}>Stage: {stage}</Button>
      {open && <StageDialog version={version} onClose={() => setOpen(false)} />}
    </>
  );
}

function StageDialog({
  version: { name, version, current_stage },
  onClose,
}: {
  version: Version;
  onClose: () => void;
}) {
  const edit = useEdit(modelKeys.all);
  const before = current_stage ?? "None";
  const [stage, setStage] = useState(before);
  const [archive, setArchive] = useState(false);
  const [comment, setComment] = useState("");
  const send = (event: FormEvent) => {
    event.preventDefault();
    onClose();
    edit({
      call: async () => {
        await moveToStage(name, version, stage, archive);
        if (comment.trim()) await commentOn(name, version, comment.trim());
      },
      done: `v${version} is in ${stage}.`,
      undo: archive
        ? undefined
        : () => edit({ call: () => moveToStage(name, version, before, false), done: "Undone." }),
    });
  };
  return (
    <Dialog title={`Stage of v${version}`} onClose={onClose}>
      <form className={styles.form} onSubmit={send}>
        <fieldset className={styles.stages}>
          <legend className="sr-only">Stage</legend>
          {STAGES.map((one) => (
            <label key={one}>
              <input type="radio" name="stage" checked={one === stage} onChange={() => setStage(one)} /> {one}
            </label>
          ))}
        </fieldset>
        {(stage === "Staging" || stage === "Production") && (
          <label>
            <input type="checkbox" checked={archive} onChange={(event) => setArchive(event.target.checked)} />{" "}
            Archive the versions that are in {stage} now
          </label>
        )}
        <Field
          label="Comment"
          visibleLabel
          placeholder="Optional; it stands in the history"
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={stage === before}>
            Move to {stage}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

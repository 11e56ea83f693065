/** Makes a model's files the next version of a registered model: an old one, or one made for it. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useId, useState } from "react";
import { loggedModelKeys } from "@/api/loggedModels.ts";
import { modelKeys, modelList, registerVersion, type Source } from "@/api/models.ts";
import { toFilter } from "@/lib/filter.ts";
import { toast } from "@/lib/toasts.ts";
import { useSettled } from "@/lib/useSettled.ts";
import { useSubmit } from "@/lib/useSubmit.ts";
import { Button } from "./Button.tsx";
import styles from "./Dialog.module.css";
import { Dialog } from "./Dialog.tsx";
import { Field } from "./Field.tsx";

interface RegisterDialogProps {
  source: Source;
  title?: string;
  action?: string;
  onClose: () => void;
}

export function RegisterDialog({
  source,
  title = "Register the model",
  action = "Register",
  onClose,
}: RegisterDialogProps) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const list = useId();
  const [name, setName] = useState("");
  const found = useInfiniteQuery(modelList(toFilter(useSettled(name, 200), "name")));
  const names = (found.data?.pages[0]?.models ?? []).map((model) => model.name);
  const wanted = name.trim();
  const { send, failure, busy } = useSubmit(async () => {
    const { version } = await registerVersion(wanted, source);
    await queries.invalidateQueries({ queryKey: modelKeys.all });
    await queries.invalidateQueries({ queryKey: loggedModelKeys.all });
    toast(`Registered as v${version} of ${wanted}.`);
    onClose();
    await navigate({ to: "/models/$name/$version", params: { name: wanted, version }, search: {} });
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={styles.form} onSubmit={send}>
        <Field
          label="Registered model"
          visibleLabel
          list={list}
          value={name}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
          data-autofocus
        />
        <datalist id={list}>
          {names.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <p>
          {!wanted
            ? "The name of a registered model, or a new one."
            : names.includes(wanted)
              ? `It becomes the next version of ${wanted}.`
              : `${wanted} is made, and this is its first version.`}
        </p>
        {failure && <p role="alert">{failure}</p>}
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy || !wanted}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

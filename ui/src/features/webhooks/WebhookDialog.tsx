/** Makes a webhook, or changes one. What its secret is nobody is told, so the field is empty when one is changed. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  createWebhook,
  EVENTS,
  updateWebhook,
  type Webhook,
  type WebhookDraft,
  webhookKeys,
} from "@/api/webhooks.ts";
import { Button } from "@/components/Button.tsx";
import { Dialog } from "@/components/Dialog.tsx";
import { Field } from "@/components/Field.tsx";
import { toast } from "@/lib/toasts.ts";
import { useSubmit } from "@/lib/useSubmit.ts";
import styles from "./Webhooks.module.css";

const NEW: WebhookDraft = {
  name: "",
  url: "",
  description: "",
  events: ["model_version.created"],
  active: true,
};

export function WebhookDialog({ webhook, onClose }: { webhook: Webhook | null; onClose: () => void }) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState<WebhookDraft>(webhook ?? NEW);
  const [secret, setSecret] = useState("");
  const change = (part: Partial<WebhookDraft>) => setDraft((before) => ({ ...before, ...part }));
  const known = EVENTS.map(([event]) => event);
  const { send, failure, busy } = useSubmit(async () => {
    const wanted = { ...draft, name: draft.name.trim(), url: draft.url.trim(), secret };
    await (webhook ? updateWebhook(webhook.id, wanted) : createWebhook(wanted));
    await queries.invalidateQueries({ queryKey: webhookKeys.all });
    toast(webhook ? `“${wanted.name}” is changed.` : `“${wanted.name}” is made.`);
    onClose();
  });
  const toggle = (event: string) =>
    change({
      events: draft.events.includes(event)
        ? draft.events.filter((one) => one !== event)
        : [...draft.events, event],
    });
  return (
    <Dialog title={webhook ? `Edit ${webhook.name}` : "New webhook"} onClose={onClose} width={520}>
      <form className={styles.form} onSubmit={send}>
        <Field
          label="Name"
          visibleLabel
          value={draft.name}
          onChange={(event) => change({ name: event.target.value })}
          data-autofocus
        />
        <Field
          label="Address"
          visibleLabel
          type="url"
          placeholder="https://ci.example.com/hooks/mlflow"
          value={draft.url}
          onChange={(event) => change({ url: event.target.value })}
        />
        <Field
          label="Description"
          visibleLabel
          value={draft.description}
          onChange={(event) => change({ description: event.target.value })}
        />
        <fieldset>
          <legend>Events</legend>
          {[
            ...EVENTS,
            ...draft.events.filter((one) => !known.includes(one)).map((one) => [one, ""] as const),
          ].map(([event, what]) => (
            <label key={event}>
              <input type="checkbox" checked={draft.events.includes(event)} onChange={() => toggle(event)} />
              <span>
                {what || event} {what && <small>{event}</small>}
              </span>
            </label>
          ))}
        </fieldset>
        <Field
          label="Secret"
          visibleLabel
          type="password"
          autoComplete="new-password"
          placeholder={webhook ? "Leave empty to keep it as it is" : "Signs what is sent; optional"}
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
        />
        <p className={styles.quiet}>The secret is never shown again; keep it where the receiver reads it.</p>
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={draft.active}
            onChange={(event) => change({ active: event.target.checked })}
          />
          Active
        </label>
        {failure && (
          <p role="alert" className={styles.fault}>
            {failure}
          </p>
        )}
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            disabled={busy || !draft.name.trim() || !draft.url.trim() || draft.events.length === 0}
          >
            {webhook ? "Save" : "Create"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Sends a sample of an event to a webhook, and shows what came back. */
import { type FormEvent, useState } from "react";
import { EVENTS, type TestResult, testWebhook, type Webhook } from "@/api/webhooks.ts";
import { Button } from "@/components/Button.tsx";
import { Choice } from "@/components/Choice.tsx";
import { Dialog } from "@/components/Dialog.tsx";
import styles from "./Webhooks.module.css";

export function TestDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const [event, setEvent] = useState(webhook.events[0] ?? "model_version.created");
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<TestResult | null>(null);
  const [failure, setFailure] = useState("");
  const send = async (submitted: FormEvent) => {
    submitted.preventDefault();
    setBusy(true);
    setFailure("");
    setResult(null);
    try {
      setResult(await testWebhook(webhook.id, event));
    } catch (error) {
      setFailure((error as Error).message);
    }
    setBusy(false);
  };
  return (
    <Dialog title={`Test ${webhook.name}`} onClose={onClose} width={520}>
      <form className={styles.form} onSubmit={send}>
        <Choice
          label="Event"
          place="above"
          value={event}
          options={[...new Set([...webhook.events, ...EVENTS.map(([one]) => one)])].map((one) => [one, one])}
          onChange={setEvent}
        />
        <div aria-live="polite">
          {failure && <p className={styles.fault}>{failure}</p>}
          {result && <Result result={result} />}
        </div>
        <div className={styles.actions}>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" disabled={busy} data-autofocus>
            {busy ? "Waiting for the answer…" : "Send a sample"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Result({
  result: { success, response_status, response_body, error_message },
}: {
  result: TestResult;
}) {
  return (
    <>
      <p className={styles.state} data-state={success ? "active" : "failed"}>
        {success ? "It was taken" : "It was not taken"}
        {response_status ? `: status ${response_status}` : ""}
        {error_message ? `: ${error_message}` : ""}
      </p>
      {response_body && <pre className={styles.body}>{response_body}</pre>}
    </>
  );
}

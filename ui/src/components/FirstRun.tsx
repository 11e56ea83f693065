/** The snippet that makes a first run appear, with this server's address in it. */
import { PREFIX } from "@/api/client.ts";
import { copyText } from "@/lib/copy.ts";
import { Button } from "./Button.tsx";

export function FirstRun({ experiment }: { experiment: string }) {
  const code = snippet(`${window.location.origin}${PREFIX}`, experiment);
  return (
    <>
      <p>Any MLflow client works. This one writes a loss curve:</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{code}</pre>
      <Button icon="copy" onClick={() => copyText(code, "Code")}>
        Copy
      </Button>
      <p role="status">Waiting for the first run… it opens here as soon as it starts.</p>
    </>
  );
}

const snippet = (address: string, experiment: string): string => `import mlflow, random

mlflow.set_tracking_uri("${address}")  # this server
mlflow.set_experiment(${JSON.stringify(experiment)})
with mlflow.start_run():
    mlflow.log_params({"lr": 1e-3, "optimizer": "adamw"})
    for step in range(100):
        mlflow.log_metric("loss", 1 / (step + 1) + random.random() / 20, step=step)`;

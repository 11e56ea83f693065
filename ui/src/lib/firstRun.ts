/** Programs that make a first run appear, each to be pasted as it is. */

export const CLIENTS = [
  ["python", "Python"],
  ["autolog", "autolog"],
  ["lightning", "PyTorch Lightning"],
  ["transformers", "Hugging Face"],
  ["xgboost", "XGBoost"],
  ["rest", "REST"],
] as const;

export type Client = (typeof CLIENTS)[number][0];

/** What it does, in a sentence. */
export const MEANING: Record<Client, string> = {
  python: "Any MLflow client works. This one writes a loss curve:",
  autolog: "One call logs what scikit-learn, XGBoost, PyTorch Lightning and others train:",
  lightning: "Lightning's logger for MLflow; the model and the data are yours:",
  transformers: "The Trainer reports to MLflow; the model and the data are yours:",
  xgboost: "One call logs params, metrics of every round, and the model:",
  rest: "Without any client:",
};

/** The program, with the server's address and the experiment's name in it. */
export function firstRun(client: Client, address: string, experiment: string): string {
  const [url, name] = [JSON.stringify(address), JSON.stringify(experiment)];
  const setUp = `mlflow.set_tracking_uri(${url})  # this server\nmlflow.set_experiment(${name})`;
  switch (client) {
    case "python":
      return `import mlflow, random

${setUp}
with mlflow.start_run():
    mlflow.log_params({"lr": 1e-3, "optimizer": "adamw"})
    for step in range(100):
        mlflow.log_metric("loss", 1 / (step + 1) + random.random() / 20, step=step)`;
    case "autolog":
      return `import mlflow
from sklearn.datasets import load_diabetes
from sklearn.ensemble import RandomForestRegressor

${setUp}
mlflow.autolog()
X, y = load_diabetes(return_X_y=True)
RandomForestRegressor(n_estimators=50).fit(X, y)`;
    case "lightning":
      return `from lightning.pytorch import Trainer
from lightning.pytorch.loggers import MLFlowLogger

logger = MLFlowLogger(experiment_name=${name}, tracking_uri=${url})
Trainer(max_epochs=10, logger=logger).fit(model, train_dataloaders)`;
    case "transformers":
      return `import mlflow
from transformers import Trainer, TrainingArguments

${setUp}
arguments = TrainingArguments(output_dir="out", report_to="mlflow", logging_steps=10)
Trainer(model=model, args=arguments, train_dataset=dataset).train()`;
    case "xgboost":
      return `import mlflow, xgboost
from sklearn.datasets import load_breast_cancer

${setUp}
mlflow.xgboost.autolog()
data = xgboost.DMatrix(*load_breast_cancer(return_X_y=True))
xgboost.train({"objective": "binary:logistic"}, data, 50, evals=[(data, "train")])`;
    case "rest":
      return shell(address, experiment);
  }
}

function shell(address: string, experiment: string): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  return `api=${quoted(`${address}/api/2.0/mlflow`)}
name=${quoted(experiment)}
post() { curl -s -H 'Content-Type: application/json' "$api/$1" -d "$2"; }
found() { sed 's/.*"'$1'":"\\([^"]*\\)".*/\\1/'; }

post experiments/create ${quoted(JSON.stringify({ name: experiment }))} > /dev/null  # unless it is there
experiment=$(curl -s -G "$api/experiments/get-by-name" --data-urlencode "experiment_name=$name" | found experiment_id)
now=$(date +%s)000
run=$(post runs/create '{"experiment_id": "'$experiment'", "start_time": '$now'}' | found run_id)
for step in 1 2 3 4 5; do
  post runs/log-metric '{"run_id": "'$run'", "key": "loss", "value": 0.'$((9 - step))', "step": '$step', "timestamp": '$now'}'
done
post runs/update '{"run_id": "'$run'", "status": "FINISHED", "end_time": '$now'}'`;
}

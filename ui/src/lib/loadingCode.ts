import { object } from "./json.ts";

/** The flavors that an MLmodel file names. */
export const flavorsIn = (document: Readonly<Record<string, unknown>> | undefined): string[] =>
  Object.keys(object(document?.flavors));

/** Lines that load a model as a function and, where its framework is known, as itself. */
export function loadingCode(uri: string, flavors: readonly string[]): string {
  const own = flavors.find((flavor) => flavor !== "python_function");
  const where = JSON.stringify(uri);
  const lines = ["import mlflow", "", `model = mlflow.pyfunc.load_model(${where})`, "model.predict(data)"];
  if (own && /^\w+$/.test(own)) lines.push("", `native = mlflow.${own}.load_model(${where})`);
  return lines.join("\n");
}

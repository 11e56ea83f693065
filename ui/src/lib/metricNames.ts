/** What the names of metrics tell, as far as they do. */

/** Parts of names of metrics that are better the smaller they are. */
const SHRINKING =
  /^(?:loss(?:es)?|err|errors?|mse|mae|rmse|mape|perplexity|ppl|seconds?|latency|times?|durations?|fpr|fnr|eer|wer|cer|nll|regret)$/;
const WITHIN = /loss|error|perplexity|latency|seconds|rmse|false_?(?:pos|neg)/i;

/** Whether less of a metric is better. */
export const smallerIsBetter = (key: string): boolean =>
  WITHIN.test(key) || partsOf(key).some((part) => SHRINKING.test(part));

/** `trainMSE_time` has the parts `train`, `mse` and `time`. */
const partsOf = (key: string): string[] =>
  key
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/);

const TELLING = [/^(val|test|eval|cv)[/_]/i, /loss|acc|auc|f1|r2|error|mse|mae/i];

/** How likely a metric is what somebody looks for first. */
export const telling = (key: string): number => TELLING.filter((pattern) => pattern.test(key)).length;

/** Whether the client's monitor of the machine logged it. */
export const isSystem = (key: string): boolean => key.startsWith("system/");

/** An expression that finds a key and no other, as panels are searched by. */
export const exactly = (key: string): string => `^${key.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$`;

/** Which way a metric is better, as far as its name tells. */
const SMALLER =
  /loss|err|mse|mae|rmse|perplexity|seconds|latency|time|fpr|eer|false_?(?:pos|neg)|wer\b|cer\b/i;

export const smallerIsBetter = (key: string): boolean => SMALLER.test(key);

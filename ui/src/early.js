// Runs before the first paint and while the application's scripts are still on their way.
(() => {
  // The theme. The key and its values are those of src/lib/theme.ts.
  let wanted = null;
  try {
    wanted = localStorage.getItem("mlflow.theme");
  } catch {
    // storage may be forbidden; the system's theme is used then
  }
  const dark =
    wanted === "dark" || (wanted !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";

  // What the page of an experiment or a run asks for first. src/api/early.ts takes the answers.
  const [, experiment] = /^#\/experiments\/(\d+)(?:\?|$)/.exec(location.hash) ?? [];
  const [, run] = /^#\/runs\/([0-9a-f]{32})(?:[/?]|$)/.exec(location.hash) ?? [];
  if (!experiment && !run) return;
  const prefix = document.querySelector('meta[name="static-prefix"]').content;
  const path = `${prefix}/api/ext/v1/${experiment ? `experiments/${experiment}/opening` : `runs/${run}`}`;
  const answer = fetch(path);
  answer.catch(() => {}); // whoever takes it tells
  window.early = new Map([[path, answer]]);
})();

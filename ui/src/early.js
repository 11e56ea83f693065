// Sets the theme before the first paint. The key and its values are those of src/app/theme.ts.
(() => {
  let wanted = null;
  try {
    wanted = localStorage.getItem("mlflow.theme");
  } catch {
    // storage may be forbidden; the system's theme is used then
  }
  const dark =
    wanted === "dark" || (wanted !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();

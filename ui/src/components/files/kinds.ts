/** How a file is shown, by its name. */
export type FileKind =
  | "image"
  | "table"
  | "json"
  | "notebook"
  | "map"
  | "html"
  | "markdown"
  | "pdf"
  | "audio"
  | "video"
  | "model"
  | "text"
  | "binary";

const KINDS: readonly [FileKind, RegExp][] = [
  ["model", /(^|\/)MLmodel$/],
  ["image", /\.(png|jpe?g|gif|bmp|webp|avif|svg)$/i],
  ["table", /\.(csv|tsv|parquet)$/i],
  ["notebook", /\.ipynb$/i],
  ["map", /\.geojson$/i],
  ["json", /\.json$/i],
  ["html", /\.html?$/i],
  ["markdown", /\.(md|markdown|mdx)$/i],
  ["pdf", /\.pdf$/i],
  ["audio", /\.(mp3|wav|m4a|aac|flac|ogg|opus|wma)$/i],
  ["video", /\.(mp4|webm|mov|m4v|avi|mkv)$/i],
  [
    "binary",
    /\.(pkl|pickle|joblib|bin|pt|pth|onnx|h5|hdf5|keras|safetensors|npy|npz|arrow|feather|zip|gz|tar|zst|xz|7z|exe|so|dll|ubj|cbm)$/i,
  ],
];

export const kindOf = (path: string): FileKind =>
  KINDS.find(([, pattern]) => pattern.test(path))?.[0] ?? "text";

/** Text that holds NUL characters is no text. */
export const isText = (text: string): boolean => !text.slice(0, 4096).includes("\0");

/** Whether JSON is what `mlflow.log_table` writes, `{"columns": […], "data": [[…], …]}`. */
export const looksLogged = (text: string): boolean =>
  /^\s*\{\s*"(columns|data)"\s*:\s*\[/.test(text) && /"columns"\s*:/.test(text) && /"data"\s*:/.test(text);

/** Whether the beginning of JSON is that of a list of objects whose members are plain, as tables are exported. */
export const looksListed = (text: string): boolean =>
  /^\s*\[\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[-\d.eE+]+|true|false|null)\s*[,}]/.test(text);

/** How a file is shown, by its name. */
export type FileKind = "image" | "table" | "json" | "html" | "audio" | "video" | "text" | "binary";

const KINDS: readonly [FileKind, RegExp][] = [
  ["image", /\.(png|jpe?g|gif|bmp|webp|svg)$/i],
  ["table", /\.(csv|tsv)$/i],
  ["json", /\.(json|geojson|ipynb)$/i],
  ["html", /\.html?$/i],
  ["audio", /\.(mp3|wav|m4a|aac|flac|ogg|opus)$/i],
  ["video", /\.(mp4|webm|mov)$/i],
  [
    "binary",
    /\.(pkl|pickle|joblib|bin|pt|pth|onnx|h5|hdf5|safetensors|npy|npz|parquet|arrow|zip|gz|tar|zst|xz|7z|exe|so|dll|pdf|avi|mkv)$/i,
  ],
];

export const kindOf = (path: string): FileKind =>
  KINDS.find(([, pattern]) => pattern.test(path))?.[0] ?? "text";

/** Text that holds NUL characters is no text. */
export const isText = (text: string): boolean => !text.slice(0, 4096).includes("\0");

export interface TableText {
  head: string[];
  rows: string[][];
}

/** The table in the JSON that `mlflow.log_table` writes, `{"columns": […], "data": [[…], …]}`; null for other JSON. */
export function loggedTable(value: unknown, most: number): TableText | null {
  const { columns, data } = (value ?? {}) as { columns?: unknown; data?: unknown };
  if (!Array.isArray(columns) || !Array.isArray(data) || !data.every(Array.isArray)) return null;
  const write = (cell: unknown) =>
    typeof cell === "string" ? cell : cell === undefined ? "" : JSON.stringify(cell);
  return { head: columns.map(String), rows: data.slice(0, most).map((row: unknown[]) => row.map(write)) };
}

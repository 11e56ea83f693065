/** Bytes as people read them, and what the first of them say of a file. */

const LINE = 16;

interface HexLine {
  offset: string;
  hex: string;
  text: string;
}

/** Sixteen bytes a line; what is no printable ASCII is a dot. */
export function hexLines(bytes: Uint8Array): HexLine[] {
  const width = Math.max(4, (bytes.length - 1).toString(16).length);
  return Array.from({ length: Math.ceil(bytes.length / LINE) }, (_, row) => {
    const part = [...bytes.slice(row * LINE, (row + 1) * LINE)];
    return {
      offset: (row * LINE).toString(16).padStart(width, "0"),
      hex: part.map((byte) => byte.toString(16).padStart(2, "0")).join(" "),
      text: part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join(""),
    };
  });
}

interface ArrayHead {
  dtype: string;
  shape: number[];
  order: "C" | "Fortran";
}

const MAGIC = "\x93NUMPY";
const HEAD = 2048; // bytes in which the dict ends

/** The head of a NumPy array (NEP 1): magic, version, the head's length, then a dict as text. */
export function arrayHead(bytes: Uint8Array): ArrayHead | null {
  const text = String.fromCharCode(...bytes.slice(0, HEAD));
  if (!text.startsWith(MAGIC)) return null;
  const dict = text.slice(8);
  const dtype = /'descr':\s*(?:'([^']*)'|(\[.*?\]),\s*'fortran)/s.exec(dict);
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(dict)?.[1];
  if (!dtype || shape === undefined) return null;
  return {
    dtype: dtype[1] ?? dtype[2] ?? "",
    shape: shape.split(",").flatMap((size) => (size.trim() ? [Number(size)] : [])),
    order: /'fortran_order':\s*True/.test(dict) ? "Fortran" : "C",
  };
}

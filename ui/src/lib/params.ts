/** Params as a tree of their keys, and as text to paste. */

export type Pair = readonly [key: string, value: string];

export interface ParamRow {
  /** The whole key, or what the keys below have in common. */
  path: string;
  /** What is said beside the rows above. */
  label: string;
  depth: number;
  /** Of a row that only joins others there is none. */
  value: string | undefined;
}

interface Node {
  value?: string;
  below: Map<string, Node>;
}

/** Rows in the order of the keys; keys that share a part before `.` or `/` stand below it, those in `closed` not at all. */
export function paramRows(pairs: readonly Pair[], closed: ReadonlySet<string>): ParamRow[] {
  const root: Node = { below: new Map() };
  for (const [key, value] of pairs) {
    let at = root;
    for (const part of key.split(/(?<=[^./][./])(?=[^./])/)) {
      const next = at.below.get(part) ?? { below: new Map() };
      at.below.set(part, next);
      at = next;
    }
    at.value = value;
  }
  return rowsBelow(root, "", 0, closed);
}

function rowsBelow(node: Node, path: string, depth: number, closed: ReadonlySet<string>): ParamRow[] {
  return [...node.below].flatMap(([part, below]) => {
    let [label, at] = [part, below];
    while (at.value === undefined && at.below.size === 1) {
      const next = at.below.entries().next().value;
      if (!next) break;
      label += next[0];
      at = next[1];
    }
    const whole = path + label;
    const row = { path: whole, label, depth, value: at.value };
    return [row, ...(closed.has(whole) ? [] : rowsBelow(at, whole, depth + 1, closed))];
  });
}

const NUMBER = /^-?(?:0|[1-9]\d*)(\.\d+)?(e[-+]?\d+)?$/i; // a zero before another digit is a fault in Python, and octal in YAML

const BARE = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[A-Za-z_][\w./-]*$/i; // what YAML takes for a text

/** JSON's strings are Python's; what looks like a number becomes one. */
export const asPython = (pairs: readonly Pair[]): string =>
  `{${pairs.map(([key, value]) => `${JSON.stringify(key)}: ${figure(value)}`).join(", ")}}`;

/** JSON's strings are YAML's too. */
export const asYaml = (pairs: readonly Pair[]): string =>
  pairs.map(([key, value]) => `${BARE.test(key) ? key : JSON.stringify(key)}: ${figure(value)}\n`).join("");

const figure = (value: string): string => (NUMBER.test(value) ? value : JSON.stringify(value));

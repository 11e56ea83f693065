/** What could stand at the caret of the filter: keys, operators after a key, values after an operator. */
import { useQuery } from "@tanstack/react-query";
import { datasetsOf } from "@/api/datasets.ts";
import { type Column, columnsOf, valuesOf } from "@/api/experiments.ts";
import { quoteKey } from "@/lib/columns.ts";
import { quoteText, type Token, tokenize } from "@/lib/filter.ts";
import { plural } from "@/lib/format.ts";
import { recentFilters } from "@/lib/recentFilters.ts";

interface Suggestion {
  insert: string;
  hint: string;
  start: number;
  end: number;
}

export interface Place {
  wants: "key" | "operator" | "value" | "nothing";
  typed: string;
  start: number;
  end: number;
  /** The key that is being compared, as `params.lr`. */
  key: string;
}

const ATTRIBUTES = ["run_name", "status", "user_id", "start_time", "end_time", "duration"];
const DATASETS = ["dataset.name", "dataset.digest", "dataset.context"];
const STATUSES = ["FINISHED", "RUNNING", "FAILED", "KILLED", "SCHEDULED"];
const MOST = 10;
const MOST_RECENT = 4;
const NUMBERS = ["<", ">", "<=", ">=", "=", "!="];
const TEXTS = ["=", "!=", "LIKE", "ILIKE", "IN", "IS NULL"];

export function useSuggestions(
  experimentIds: readonly string[],
  text: string,
  caret: number | null,
): Suggestion[] {
  const place = placeAt(text, caret ?? 0);
  const known = useQuery({ ...columnsOf(experimentIds), enabled: caret !== null }).data ?? [];
  const compared = known.find((column) => idOf(column) === place.key);
  const values = useValues(experimentIds, place, compared);
  if (caret === null) return [];
  const again = text.trim() ? [] : recentFilters().slice(0, MOST_RECENT);
  const found =
    place.wants === "key"
      ? keys(known)
      : place.wants === "operator"
        ? (compared?.kind === "metric" || place.key.endsWith("_time") ? NUMBERS : TEXTS).map((insert) => ({
            insert,
            hint: "",
          }))
        : place.wants === "value"
          ? values
          : [];
  const recent = again.map((insert) => ({ insert, hint: "recent", start: 0, end: text.length }));
  const fitting = found
    .filter(
      ({ insert }) => insert.toLowerCase().includes(place.typed.toLowerCase()) && insert !== place.typed,
    )
    .slice(0, MOST)
    .map(({ insert, hint }) => ({ insert: `${insert} `, hint, start: place.start, end: place.end }));
  return [...recent, ...fitting].slice(0, MOST);
}

interface Value {
  insert: string;
  hint: string;
}

/** What runs have where the filter compares: values of a param or tag, people, datasets, states. */
function useValues(ids: readonly string[], { wants, key }: Place, compared: Column | undefined): Value[] {
  const asks = wants === "value";
  const [kind, name] =
    key === "user_id"
      ? (["tag", "mlflow.user"] as const)
      : ([compared?.kind === "tag" ? "tag" : "param", compared?.key ?? ""] as const);
  const counted = asks && name !== "" && compared?.kind !== "metric";
  const values = useQuery({ ...valuesOf(ids, kind, name), enabled: counted }).data;
  const used = /^datasets?\.(name|digest|context)$/.exec(key)?.[1] as
    | "name"
    | "digest"
    | "context"
    | undefined;
  const datasets = useQuery({ ...datasetsOf(...ids), enabled: asks && used !== undefined }).data;
  if (!asks) return [];
  if (key === "status") return STATUSES.map((status) => ({ insert: quoteText(status), hint: "" }));
  if (used) {
    const told = (datasets ?? []).flatMap((one) => (used === "context" ? one.contexts : one[used]));
    return [...new Set(told)].map((text) => ({ insert: quoteText(text), hint: "dataset" }));
  }
  if (!counted) return [];
  return (values ?? []).map(({ value, count }) => ({ insert: quoteText(value), hint: plural(count, "run") }));
}

const idOf = ({ kind, key }: Column): string => `${kind}s.${quoteKey(key)}`;

function keys(known: readonly Column[]): { insert: string; hint: string }[] {
  const own = known.filter(({ kind, key }) => kind !== "tag" || !key.startsWith("mlflow."));
  return [
    ...own.map((column) => ({ insert: idOf(column), hint: plural(column.runs, "run") })),
    ...ATTRIBUTES.map((insert) => ({ insert, hint: "attribute" })),
    ...DATASETS.map((insert) => ({ insert, hint: "of what was used" })),
  ];
}

/** What the grammar allows at the caret, judged by the tokens before it. */
export function placeAt(text: string, caret: number): Place {
  const tokens = tokenize(text);
  const under = tokens.find(
    ({ kind, start, text: own }) => kind !== "space" && start < caret && start + own.length >= caret,
  );
  const before = tokens.filter(({ kind, start }) => kind !== "space" && start < (under?.start ?? caret));
  const wants = expected(before);
  const typing = under && fits(under, wants) ? under : null;
  if (under && !typing) return { wants: "nothing", typed: "", start: caret, end: caret, key: "" };
  const key = before.findLast((token) => token.kind === "key")?.text ?? "";
  const start = typing?.start ?? caret;
  return { wants, typed: typing?.text ?? "", start, end: start + (typing?.text.length ?? 0), key };
}

function expected(before: readonly Token[]): Place["wants"] {
  const last = before.at(-1);
  if (!last || /^(and|or|not|\()$/i.test(last.text)) return "key";
  if (last.kind === "key") return "operator";
  if (last.kind === "operator" || /^(like|ilike)$/i.test(last.text))
    return last.text === ")" ? "nothing" : "value";
  return "nothing";
}

const fits = ({ kind, text }: Token, wants: Place["wants"]): boolean =>
  ({
    key: kind === "key" || (kind === "word" && text.length < 4),
    operator: kind === "key" || kind === "operator" || kind === "word",
    value: kind === "text" || kind === "key" || kind === "number",
    nothing: false,
  })[wants];

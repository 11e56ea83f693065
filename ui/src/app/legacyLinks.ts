/** Links that MLflow's clients print and people keep, translated to the addresses of the same things here. */

import { decode } from "@/lib/urlCodec.ts";

type Translate = (parts: string[], search: URLSearchParams) => string;

const ENCODED = "([^/?]+)";

const TABLE: readonly [RegExp, Translate][] = [
  [new RegExp(`^/experiments/${ENCODED}/runs/${ENCODED}(?:/overview)?/?$`), ([, run]) => `/runs/${run}`],
  [
    new RegExp(`^/experiments/${ENCODED}/runs/${ENCODED}/(model|system)-metrics/?$`),
    ([, run, kind]) => `/runs/${run}/${kind === "system" ? "system" : "charts"}`,
  ],
  [
    new RegExp(`^/experiments/${ENCODED}/runs/${ENCODED}/(?:artifacts|artifactPath)/?(.*)$`),
    ([, run, path]) => `/runs/${run}/artifacts/${path}`,
  ],
  [
    new RegExp(`^/models/${ENCODED}/versions/${ENCODED}/?$`),
    ([name, version]) => `/models/${name}/${version}`,
  ],
  [/^\/settings\/webhooks\/?$/, () => "/webhooks"],
  [/^\/createModel\/?$/, () => "/models"],
  [
    /^\/compare-model-versions\/?$/,
    (_, search) => versions(unquoted(search.get("name")), valuesIn(search.get("runs"))),
  ],
  [
    new RegExp(`^/models/${ENCODED}/compare/?$`),
    ([name = ""], search) => versions(decode(name), (search.get("v") ?? "").match(/\d+/g) ?? []),
  ],
  [
    /^\/compare\/(table|charts|images|files|code)\/?$/,
    ([mode = ""], search) =>
      `/compare?${[...search].map(([key, value]) => `${key}=${key === "r" ? `~${value.replace(/^~/, "")}` : encodeURIComponent(value)}`).join("&")}&m=${mode}`,
  ],
  [/^\/compare-runs\/?$/, (_, search) => `/compare?r=${listed(search.get("runs"))}`],
  [
    /^\/compare-experiments(?:\/.*)?$/,
    (_, search) => {
      const ids = [...(search.get("experiments") ?? "").matchAll(/\d+/g)].join();
      return `/runs${ids && `?e=~${ids}`}`;
    },
  ],
  [
    /^\/metric(?:\/(.*))?$/,
    ([key = ""], search) => {
      const metric = unquoted(search.get("metric")) || decode(key);
      return `/compare?r=${listed(search.get("runs"))}&m=charts&${new URLSearchParams({ k: metric })}`;
    },
  ],
  [
    new RegExp(`^/experiments/${ENCODED}/runs/${ENCODED}/(?:traces|evaluations?|assessments)/?$`),
    ([, run]) => `/runs/${run}`,
  ],
  [new RegExp(`^/experiments/${ENCODED}/overview(?:/.*)?$`), ([experiment]) => `/experiments/${experiment}`],
  [
    new RegExp(`^/experiments/${ENCODED}/runs/?$`),
    ([experiment], search) => `/experiments/${experiment}${view(search)}`,
  ],
  [
    new RegExp(`^/experiments/${ENCODED}/?$`),
    ([experiment], search) => `/experiments/${experiment}${view(search)}`,
  ],
];

/** A JSON text, or a text as it is. */
const unquoted = (text: string | null): string => text?.replace(/^"|"$/g, "") ?? "";

/** The members' values of a JSON object of texts: versions by the runs they are of. */
const valuesIn = (json: string | null): string[] =>
  [...(json ?? "").matchAll(/:\s*"?(\d+)"?/g)].map(([, version]) => version as string);

/** The later of the versions beside the earlier one. */
function versions(name: string, numbers: readonly string[]): string {
  const [earlier, later] = [...numbers].sort((a, b) => Number(a) - Number(b));
  const model = `/models/${encodeURIComponent(name)}`;
  return later ? `${model}/${later}?with=${earlier}` : model;
}

/** Ids in a JSON list, as lists are written here. */
function listed(json: string | null): string {
  const ids = (json ?? "").match(/[0-9a-f]{32}/g) ?? [];
  return `~${ids.join(",")}`;
}

/** The address for what follows `#`; null where it is one of ours already. */
export function translate(hash: string): string | null {
  const [path = "", query = ""] = hash.split(/\?(.*)/s);
  for (const [pattern, to] of TABLE) {
    const match = pattern.exec(path);
    if (!match) continue;
    const translated = to(match.slice(1), new URLSearchParams(query));
    return translated === path || translated === hash ? null : keepOurs(translated, path, query);
  }
  return null;
}

const keepOurs = (translated: string, path: string, query: string): string | null =>
  translated.split("?")[0] === path && !/(?:searchFilter|orderByKey)=/.test(query) ? null : translated;

/** MLflow's search state: `searchFilter`, `orderByKey` (``metrics.`loss` ``), `orderByAsc`. */
function view(search: URLSearchParams): string {
  const filter = search.get("searchFilter");
  const key = search.get("orderByKey")?.replace(/^(attributes|metrics|params|tags)\.`(.*)`$/s, "$1.$2");
  const sort = key && `${search.get("orderByAsc") === "true" ? "" : "-"}${key.replace(/^attributes\./, "")}`;
  const parts = { ...(filter ? { q: filter } : {}), ...(sort ? { s: sort } : {}) };
  const text = new URLSearchParams(parts).toString();
  return text && `?${text}`;
}

/** Rewrites the address now, and whenever somebody follows such a link later; before the router reads it. */
export function translateLinks(): void {
  const rewrite = () => {
    const to = translate(window.location.hash.slice(1));
    if (to) window.history.replaceState(window.history.state, "", `#${to}`);
  };
  rewrite();
  window.addEventListener("popstate", rewrite, { capture: true });
}

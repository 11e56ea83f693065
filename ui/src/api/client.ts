/** The one place that speaks HTTP: typed by the OpenAPI document, below whatever prefix the server has. */
import createClient from "openapi-fetch";
import { fetchOnce } from "./early.ts";
import type { components, paths } from "./schema.gen.ts";

export type Schemas = components["schemas"];

const META = document.querySelector<HTMLMetaElement>('meta[name="static-prefix"]')?.content ?? "";

/** The server's static prefix; the development server leaves the placeholder in place. */
export const PREFIX = META.startsWith("__") ? "" : META;

export const client = createClient<paths>({
  baseUrl: `${window.location.origin}${PREFIX}`,
  fetch: fetchOnce,
});

/** What a request failed with: the server's error code and message, or why there was no answer. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    /** What the server's log calls the request, for those who ask an administrator; where the server itself failed. */
    requestId: string | null = null,
  ) {
    super(requestId ? `${message} (request ${requestId})` : message);
    this.name = "ApiError";
  }
}

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer of a call; a failure becomes an `ApiError`. */
export async function answer<T>(call: Promise<Outcome<T>>): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw asFailure(cause);
  });
  if (!response.ok) throw refused(error, response);
  return data as T;
}

/** Why there was no answer at all. */
export function asFailure(cause: unknown): Error {
  if (cause instanceof DOMException && cause.name === "AbortError") return cause;
  return new ApiError("UNREACHABLE", "The server does not answer. Check that it runs, then retry.", 0);
}

function refused(error: unknown, { status, headers }: Response): ApiError {
  const told = (error ?? {}) as Partial<Schemas["Error"]>;
  return new ApiError(
    told.error_code ?? "INTERNAL_ERROR",
    told.message ?? `The server answered with status ${status}.`,
    status,
    headers.get("x-request-id"),
  );
}

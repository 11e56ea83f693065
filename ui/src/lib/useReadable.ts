import { useEffect, useRef } from "react";

/** What was read, or, where that cannot be (a filter that is being typed), what was read last of the same kind. */
export function useReadable<T>(data: T | undefined, error: Error | null, kind = ""): T | undefined {
  const last = useRef<{ kind: string; data: T } | null>(null);
  useEffect(() => {
    if (data !== undefined) last.current = { kind, data };
  }, [data, kind]);
  if (data !== undefined || !error) return data;
  return last.current?.kind === kind ? last.current.data : undefined;
}

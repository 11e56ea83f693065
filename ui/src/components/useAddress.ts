/** State in the address of parts that several screens share. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import * as v from "valibot";
import { fileParams, mediaParams, tableParams } from "@/lib/searchParams.ts";

const shared = v.object({ ...fileParams, ...mediaParams, ...tableParams });

export type Shared = v.InferOutput<typeof shared>;

/** What the address says of them, and a way to change part of it; that leaves no step in the history. */
export function useAddress(): [Shared, (part: Partial<Shared>) => void] {
  const search: object = useSearch({ strict: false });
  const navigate = useNavigate();
  const known = useMemo(() => v.parse(shared, search), [search]);
  return [
    known,
    (part) =>
      void navigate({
        to: ".",
        search: ((before: object) => ({ ...before, ...part })) as never,
        replace: true,
      }),
  ];
}

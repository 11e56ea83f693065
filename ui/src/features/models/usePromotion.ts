/** A version asks for an alias or a stage, and what the registry's checks say to it. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { modelKeys, type RegistryEvent, registryHistory } from "@/api/models.ts";

export interface Verdict {
  granted: boolean;
  /** Why not. */
  message: string;
  evidence: NonNullable<RegistryEvent["evidence"]>;
}

interface Promotion {
  busy: boolean;
  verdict: Verdict | null;
  ask: (call: () => Promise<unknown>) => Promise<void>;
  again: () => void;
}

export function usePromotion(name: string, version: string): Promotion {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const latest = async (): Promise<RegistryEvent | undefined> => {
    const history = { ...registryHistory(name, version), staleTime: 0 };
    return (await queries.fetchQuery(history).catch((): RegistryEvent[] => []))[0];
  };
  /** What the checks found stands in the history, of refusals too; not where nobody came to ask them. */
  const found = async (before: number): Promise<Verdict["evidence"]> => {
    const event = await latest();
    const told = event && event.seq > before && /^(alias|stage)_(moved|refused)$/.test(event.action);
    return told ? (event.evidence ?? []) : [];
  };
  const ask = async (call: () => Promise<unknown>) => {
    setBusy(true);
    const before = (await latest())?.seq ?? -1;
    const message = await call().then(
      () => "",
      (failure: Error) => failure.message,
    );
    setVerdict({ granted: !message, message, evidence: await found(before) });
    setBusy(false);
    await queries.invalidateQueries({ queryKey: modelKeys.all });
  };
  return { busy, verdict, ask, again: () => setVerdict(null) };
}

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
  /** What the checks found stands in the history, of refusals too. */
  const found = async (): Promise<Verdict["evidence"]> => {
    const events = await queries
      .fetchQuery({ ...registryHistory(name, version), staleTime: 0 })
      .catch((): RegistryEvent[] => []);
    const latest = events[0];
    return latest && /^(alias|stage)_(moved|refused)$/.test(latest.action) ? (latest.evidence ?? []) : [];
  };
  const ask = async (call: () => Promise<unknown>) => {
    setBusy(true);
    const message = await call().then(
      () => "",
      (failure: Error) => failure.message,
    );
    setVerdict({ granted: !message, message, evidence: await found() });
    setBusy(false);
    await queries.invalidateQueries({ queryKey: modelKeys.all });
  };
  return { busy, verdict, ask, again: () => setVerdict(null) };
}

import type { ErrorComponentProps } from "@tanstack/react-router";
import { Failed } from "@/components/State.tsx";

/** What a fault in a screen leaves: its message, and a way out. */
export function Problem({ error, reset }: ErrorComponentProps) {
  return <Failed error={error instanceof Error ? error : new Error(String(error))} retry={reset} />;
}

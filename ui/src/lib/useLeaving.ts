import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

/** Calls `leave` when somebody goes back or forward in the history, or to another screen, while `active`. */
export function useLeaving(active: boolean, leave: () => void): void {
  const { history } = useRouter();
  const latest = useRef(leave);
  useEffect(() => {
    latest.current = leave;
  });
  useEffect(() => {
    if (!active) return;
    const from = history.location.pathname;
    return history.subscribe(({ location, action: { type } }) => {
      if ((type !== "PUSH" && type !== "REPLACE") || location.pathname !== from) latest.current();
    });
  }, [active, history]);
}

import { useCallback, useLayoutEffect, useRef } from "react";

/** A function that never changes and does what the latest one does; for handlers of memoised children. */
export function useStable<A extends unknown[]>(latest: (...args: A) => void): (...args: A) => void {
  const held = useRef(latest);
  useLayoutEffect(() => {
    held.current = latest;
  });
  return useCallback((...args: A) => held.current(...args), []);
}

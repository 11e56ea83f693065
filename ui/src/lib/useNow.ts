import { useEffect, useState } from "react";

/** The time, renewed every `every` milliseconds, so that what is said of ages stays true. */
export function useNow(every = 30_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

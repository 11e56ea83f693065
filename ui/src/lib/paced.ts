/** Calls that come often, answered together: soon after the first, then not again before some time has passed. */

interface Paced {
  /** Has `act` called, unless it is going to be anyway. */
  ask: () => void;
  stop: () => void;
}

export function paced(act: () => void, soon: number, every: number): Paced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = Number.NEGATIVE_INFINITY;
  const call = () => {
    timer = undefined;
    last = Date.now();
    act();
  };
  return {
    ask: () => {
      timer ??= setTimeout(call, Math.max(soon, last + every - Date.now()));
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

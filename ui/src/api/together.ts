/** Things that are asked for at the same moment are asked for in one request. */

interface Ways<T> {
  /** How many one request takes. */
  most: number;
  /** Reads one, or says why not. */
  one: (id: string) => Promise<T>;
  /** Reads several; those that cannot be read are left out. */
  many: (ids: string[]) => Promise<ReadonlyMap<string, T>>;
}

/** Reads one thing by its id, together with the others that are asked for before the page goes on. */
export function together<T>({ most, one, many }: Ways<T>): (id: string) => Promise<T> {
  let waiting: Map<string, PromiseWithResolvers<T>> | null = null;

  const ask = async (asked: [string, PromiseWithResolvers<T>][]) => {
    const ids = asked.map(([id]) => id);
    try {
      const found = ids.length > 1 ? await many(ids) : new Map<string, T>();
      for (const [id, { resolve }] of asked) {
        const answered = found.get(id);
        resolve(answered === undefined ? one(id) : answered);
      }
    } catch (failure) {
      for (const [, { reject }] of asked) reject(failure);
    }
  };

  const send = () => {
    const asked = [...(waiting ?? [])];
    waiting = null;
    for (let at = 0; at < asked.length; at += most) void ask(asked.slice(at, at + most));
  };

  return (id) => {
    if (!waiting) {
      waiting = new Map();
      setTimeout(send);
    }
    const asked = waiting.get(id) ?? Promise.withResolvers<T>();
    waiting.set(id, asked);
    return asked.promise;
  };
}

/** What is told often: the first at once, and of those that follow too soon the last, once some time has passed. */
export function atOnce<T extends unknown[]>(act: (...told: T) => void, every: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = Number.NEGATIVE_INFINITY;
  const call = (...told: T) => {
    last = Date.now();
    act(...told);
  };
  return (...told: T) => {
    clearTimeout(timer);
    const left = last + every - Date.now();
    if (left <= 0) call(...told);
    else timer = setTimeout(call, left, ...told);
  };
}

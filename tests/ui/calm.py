"""When nothing more happens on a page: what it waits for is counted, so that no test waits by the clock."""

from typing import Any

SHORT = 500  # milliseconds of the pauses after which typing is taken for done, and of transitions
LOADED = frozenset({"document", "script", "stylesheet", "image", "font", "fetch", "xhr"})  # not streams, not films
WATCH = """(() => {
  const { setTimeout: set, clearTimeout: clear } = window;
  const running = new Set();
  let changes = 0;
  window.setTimeout = (call, delay = 0, ...rest) => {
    const id = set((...given) => { running.delete(id); call(...given); }, delay, ...rest);
    if (delay <= SHORT) running.add(id);
    return id;
  };
  window.clearTimeout = (id) => { running.delete(id); clear(id); };
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver(() => { changes += 1; }).observe(document, all);
  const moves = ({ playState, effect }) =>
    playState === "running" && Number.isFinite(effect.getComputedTiming().endTime);
  window.whenCalm = async (patience = 20_000) => {
    const until = performance.now() + patience;
    for (let still = 0; still < 2 && performance.now() < until;) {
      const before = changes;
      await new Promise(requestAnimationFrame);
      await new Promise(requestIdleCallback);
      const loads = document.querySelector("[role=status][aria-label=Loading]");
      const calm = !running.size && !loads && changes === before && !document.getAnimations().some(moves);
      still = calm ? still + 1 : 0;
    }
    return performance.now() < until;
  };
})()""".replace("SHORT", str(SHORT))


def watch(page: Any) -> None:
    """Count what a page waits for, from its next address on."""
    page.add_init_script(WATCH)
    page.in_flight = set()
    page.streams = {}  # by their requests: whether the server has answered

    def begins(request: Any) -> None:
        if request.resource_type in LOADED:
            page.in_flight.add(request)
        if request.resource_type == "eventsource":
            page.streams[request] = False

    def ends(request: Any) -> None:
        page.in_flight.discard(request)
        page.streams.pop(request, None)

    def answered(response: Any) -> None:
        if response.request in page.streams:
            page.streams[response.request] = True

    page.on("request", begins)
    page.on("response", answered)
    page.on("requestfinished", ends)
    page.on("requestfailed", ends)


def settle(page: Any) -> None:
    """Wait until a page asks for nothing, no short timer runs, and it is drawn."""
    for _ in range(500):
        assert page.evaluate("whenCalm()"), f"{page.url} does not come to rest"
        if not page.in_flight:
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"{page.url} still waits for {[request.url for request in page.in_flight]}")


def listens(page: Any) -> None:
    """Wait until a page has come to rest and will be told of what happens."""
    for _ in range(500):
        settle(page)
        if page.streams and all(page.streams.values()):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"{page.url} listens to nothing")

"""A headless Chromium, pages with an empty cache, and what is timed inside a page."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from benchmarks.bench import Bench
from benchmarks.products import Product

AXE = Path(__file__).parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SIZE = {"width": 1440, "height": 900}
PATIENCE = 180_000  # milliseconds
MEGABIT = 125_000  # bytes
SCROLL = """async milliseconds => {
  const boxes = [...document.querySelectorAll('*')].filter(box => box.scrollHeight > box.clientHeight + 100
    && /auto|scroll/.test(getComputedStyle(box).overflowY));
  const box = boxes.sort((a, b) => b.scrollHeight - a.scrollHeight)[0];
  const began = performance.now();
  let frames = 0;
  let step = 60;
  while (performance.now() - began < milliseconds) {
    const before = box.scrollTop;
    box.scrollTop += step;
    if (box.scrollTop === before) step = -step;
    await new Promise(requestAnimationFrame);
    frames += 1;
  }
  return frames * 1000 / (performance.now() - began);
}"""
FRAMES = """() => {
  const began = performance.now();
  let frames = 0;
  let on = true;
  const count = () => { frames += 1; if (on) requestAnimationFrame(count); };
  requestAnimationFrame(count);
  window.rate = () => { on = false; return frames * 1000 / (performance.now() - began); };
}"""
UNTIL = """const until = async (test) => {
    const last = performance.now() + PATIENCE;
    while (!test()) {
      if (performance.now() > last) throw new Error(`it is still not so: ${test}`);
      await new Promise(requestAnimationFrame);
    }
    await new Promise(requestAnimationFrame);
    return performance.now();
  };""".replace("PATIENCE", "30_000")
WATCH = """() => {
  UNTIL
  window.took = new Promise((done, fail) => {
    const later = setTimeout(() => fail(new Error("there was no EVENT")), 30_000);
    addEventListener("EVENT", ({ timeStamp }) => {
      clearTimeout(later);
      const tests = [TESTS];
      Promise.all(tests.map(until)).then((times) => done(times.map((at) => at - timeStamp)), fail);
    }, { once: true, capture: true });
  });
}""".replace("UNTIL", UNTIL)
DRAWN = """async (address) => {
  UNTIL
  const answers = [];
  new PerformanceObserver((list) => answers.push(...list.getEntries().filter(
    ({ name }) => name.endsWith("ASKED")))).observe({ type: "resource" });
  location.hash = address;
  await until(() => TEST);
  await new Promise(requestAnimationFrame);
  const drawn = performance.now();
  await new Promise((later) => setTimeout(later, 100));
  return drawn - Math.max(...answers.map(({ responseEnd }) => responseEnd));
}""".replace("UNTIL", UNTIL)


@contextmanager
def chromium() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="the Python package playwright is not installed")
    path = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
    if path is None or not AXE.is_file():
        pytest.skip("there is no chromium on PATH, or the web UI is not built; make ui")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Opened(NamedTuple):
    """A page, what speaks with its browser, the addresses it asks for, and the bytes it is sent."""

    page: Any
    devtools: Any
    asked: list[str]
    sizes: list[int]


@contextmanager
def opened(browser: Any, size: dict[str, int] = SIZE) -> Iterator[Opened]:
    """A page with an empty cache."""
    context = browser.new_context(viewport=size, reduced_motion="reduce", locale="en-GB")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    asked: list[str] = []
    sizes: list[int] = []
    devtools.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    devtools.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    yield Opened(page, devtools, asked, sizes)
    context.close()


@contextmanager
def tried(bench: Bench, product: Product, row: str) -> Iterator[None]:
    """What breaks in the published page is a note of its row; in this one it breaks the benchmark."""
    try:
        yield
    except Exception as error:
        if not product.published:
            raise
        bench.figures.notes[row, product.name] = f"none: {str(error).splitlines()[0][:80]}"


def slow_down(devtools: Any, megabits: int, latency: int, times: int) -> None:
    """Give a page a network of so many megabits a second and milliseconds, and a processor so many times slower."""
    rate = megabits * MEGABIT
    conditions = {"offline": False, "latency": latency, "downloadThroughput": rate, "uploadThroughput": rate}
    devtools.send("Network.emulateNetworkConditions", conditions)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": times})


def address(product: Product, path: str) -> str:
    """Where a screen of a product's server is."""
    return f"{product.server().url}/#{path}"


def table(product: Product, experiment: str, query: str = "") -> str:
    """The address of an experiment's table of runs."""
    path = f"/experiments/{experiment}"
    return address(product, f"{path}/runs?{query}" if product.published else f"{path}?m=table&{query}")


def watch(page: Any, event: str, *tests: str) -> None:
    """From the next ``event`` on, measure how long each test, an expression, is not yet true; ``took`` answers."""
    page.evaluate(WATCH.replace("EVENT", event).replace("TESTS", ", ".join(f"() => {test}" for test in tests)))


def took(page: Any) -> list[float]:
    """Milliseconds from the event to the frame after the one in which each test of ``watch`` was first true."""
    times: list[float] = page.evaluate("window.took")
    return times


def drawn(page: Any, there: str, asked: str, test: str) -> float:
    """Milliseconds from the last answer to what a screen asks until it is drawn: until two frames after the test."""
    time: float = page.evaluate(DRAWN.replace("ASKED", asked).replace("TEST", test), there)
    return time

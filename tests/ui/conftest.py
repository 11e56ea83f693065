"""A real browser, a real server, and runs to look at."""

import importlib.resources
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.servers import TrackingServer
from tests.ui.calm import watch
from tests.ui.lineage import Lineage, make_lineage
from tests.ui.rest import Rest
from tests.ui.samples import Samples, make_samples
from tests.ui.viewer_samples import make_drawn

# The first two are hidden pages of the address bar, the third is one in reserve, each in a process of its own: as much
# work as the page itself. The others are what Playwright disables, in an option that this one replaces.
FEATURES = """WebUIOmniboxPopup WebUIOmniboxAimPopup SpareRendererForSitePerProcess
    AvoidUnnecessaryBeforeUnloadCheckSync DestroyProfileOnBrowserClose HttpsFirstBalancedModeAutoEnable HttpsUpgrades
    LensOverlay MediaRouter NetworkTimeServiceQuerying OptimizationHints PaintHolding PreconnectToSearch
    ThirdPartyStoragePartitioning"""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(FEATURES.split())}",
]
BUILT = Path(str(importlib.resources.files("mlflow.server"))) / "ui" / "index.html"
AXE = Path(__file__).parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"
GONE = ("net::ERR_", "A part of this page could not be loaded")
SANDBOX = ("Blocked script execution", "Unsafe attempt to initiate navigation", "Content Security Policy")
WIDE = {"width": 1440, "height": 900}
TALL = {"width": 1440, "height": 4000}  # lists are in view as a whole, whatever other tests put there

NewPage = Callable[..., Any]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    """One browser for these tests; they are skipped where a part is missing."""
    api = pytest.importorskip("playwright.sync_api", reason="the Python package playwright is not installed")
    path = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("there is no chromium on PATH")
    if not BUILT.is_file():
        pytest.skip("the web UI is not built; make ui")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def rest(tracking_server: TrackingServer) -> Rest:
    return Rest(tracking_server.url)


@pytest.fixture(scope="package")
def samples(rest: Rest) -> Samples:
    """Experiments of every kind that the screens show."""
    return make_samples(rest)


@pytest.fixture(scope="package")
def lineage(rest: Rest) -> Lineage:
    """Logged models measured on datasets."""
    return make_lineage(rest)


@pytest.fixture(scope="package")
def drawn(rest: Rest) -> list[str]:
    """Two runs with files of many kinds."""
    return make_drawn(rest)


@pytest.fixture
def new_page(chromium: Any, tracking_server: TrackingServer) -> Iterator[NewPage]:
    """Open pages: ``new_page(address, theme="light", size=…, url=…)``.

    A page that logs an error or throws fails its test; ``page.refusals_expected = True`` allows answers of status 4xx,
    ``page.scripts_refused = True`` scripts that a sandbox stops, ``page.outage_expected = True`` a server that is gone.
    """
    contexts, faults = [], []

    def open_page(address: str = "/", theme: str = "light", size: dict[str, int] = WIDE, url: str | None = None) -> Any:
        context = chromium.new_context(viewport=size, color_scheme=theme, reduced_motion="reduce", locale="en-GB")
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.refusals_expected = page.scripts_refused = page.outage_expected = False
        page.on("pageerror", lambda error: faults.append(f"{address}: {error}"))
        page.on("console", lambda message: faults.extend(told(page, address, message)))
        watch(page)
        page.goto(f"{url or tracking_server.url}/#{address}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def told(page: Any, address: str, message: Any) -> list[str]:
    refused = page.refusals_expected and "the server responded with a status of 4" in message.text
    blocked = page.scripts_refused and any(word in message.text for word in SANDBOX)
    gone = page.outage_expected and any(word in message.text for word in GONE)
    expected = refused or blocked or gone
    return (
        [f"{address}: {message.text} {message.location.get('url', '')}"]
        if message.type == "error" and not expected
        else []
    )

"""Take the pictures of docs/ui.md from the demo's data: ``python .ci/pictures.py``, run by ``make pictures``.

A server of this checkout is filled by examples/demo.py; headless Chromium opens each screen, and Pillow writes what it
shows as WebP to docs/pictures/, each below 60 KB.
"""

import io
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
PICTURES = ROOT / "docs" / "pictures"
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 780}
LARGEST = 60_000  # bytes
QUALITIES = (82, 70, 55, 40)


def main() -> int:
    browser = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
    if browser is None:
        print("There is no chromium on PATH; install one.", file=sys.stderr)
        return 1
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as url, sync_playwright() as playwright:
        subprocess.run([sys.executable, str(EXAMPLES / "demo.py"), "--tracking-uri", url], check=True)
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        for name, (address, theme, size) in screens(url).items():
            context = chromium.new_context(viewport=size, color_scheme=theme, reduced_motion="reduce", locale="en-GB")
            page = context.new_page()
            page.goto(f"{url}/#{address}")
            settle(page)
            write(name, page.screenshot())
            context.close()
    return 0


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A server of this checkout with a database of its own."""
    sys.path.insert(0, str(EXAMPLES))
    from demo_server import start_server, wait_for

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = start_server("127.0.0.1", port, folder)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(server, url)
        yield url
    finally:
        server.terminate()
        server.wait(30)


def screens(url: str) -> dict[str, tuple[str, str, dict[str, int]]]:
    """The address of each picture's screen, its theme, and the window's size."""
    experiments = {
        one["name"]: one["experiment_id"] for one in post(url, "experiments/search", max_results=50)["experiments"]
    }
    digits, cancer = experiments["digits"], experiments["breast cancer"]
    runs = post(url, "runs/search", experiment_ids=[cancer], order_by=["metrics.roc_auc DESC"], max_results=2)["runs"]
    best, second = (run["info"]["run_id"] for run in runs)
    return {
        "runs": (f"/experiments/{digits}?n=0&q=attributes.run_name+!=+'sweep'&s=val_loss", "light", WIDE),
        "runs-dark": (f"/experiments/{digits}?n=0&q=attributes.run_name+!=+'sweep'&s=val_loss", "dark", WIDE),
        "runs-narrow": (f"/experiments/{digits}", "light", NARROW),
        "groups": (f"/experiments/{digits}?m=split&g=~params.hidden_units", "light", WIDE),
        "sweep": (f"/experiments/{digits}/sweep?y=metrics.val_accuracy", "light", WIDE),
        "compare": (f"/compare?r=~{best},{second}", "light", WIDE),
        "files": (f"/runs/{best}/artifacts/confusion_matrix.png", "light", WIDE),
    }


def post(url: str, path: str, **body: Any) -> Any:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/api/2.0/mlflow/{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def settle(page: Any) -> None:
    """Wait until nothing is being read any more and the charts are drawn."""
    page.get_by_role("main").wait_for()
    page.wait_for_timeout(1500)
    page.locator("[role=status][aria-label=Loading]").first.wait_for(state="detached")
    page.wait_for_timeout(1000)


def write(name: str, png: bytes) -> None:
    """Write a picture in the best quality that is small enough."""
    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("RGB")
    for quality in QUALITIES:
        packed = io.BytesIO()
        image.save(packed, "WEBP", quality=quality, method=6)
        if packed.tell() <= LARGEST:
            break
    (PICTURES / f"{name}.webp").write_bytes(packed.getvalue())
    print(f"docs/pictures/{name}.webp: {packed.tell():,} bytes")


if __name__ == "__main__":
    sys.exit(main())

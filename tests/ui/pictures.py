"""Pictures of screens, kept in test-artifacts/screens."""

from pathlib import Path
from typing import Any

NARROW = {"width": 390, "height": 800}
FOLDER = Path(__file__).parents[2] / "test-artifacts" / "screens"


def picture(page: Any, name: str, folder: str = "states") -> None:
    """Keep what a page shows now."""
    (FOLDER / folder).mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / folder / f"{name.replace(' ', '-')}.jpg", type="jpeg", quality=70)

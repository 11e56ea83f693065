"""Files of kinds that are drawn, hostile ones among them."""

import json

from tests.ui.rest import Rest
from tests.ui.samples import HOSTILE, png

ATTACK = "<script>parent.hacked = window.hacked = 1</script>"
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="window.hacked=1"><rect width="9"/></svg>'
)
NOTEBOOK = {
    "nbformat": 4,
    "metadata": {"kernelspec": {"language": "python"}},
    "cells": [
        {"cell_type": "markdown", "source": ["# Fit\n", HOSTILE, "\n\n[press me](javascript:window.hacked=1)"]},
        {
            "cell_type": "code",
            "execution_count": 1,
            "source": "fit(lr=0.1)",
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": "  0%\r100%\n\u001b[31mslow\u001b[0m\n"},
                {"output_type": "display_data", "data": {"image/svg+xml": DRAWING, "text/plain": "a drawing"}},
                {"output_type": "display_data", "data": {"text/html": f"<table><td>cell 7{HOSTILE}</table>{ATTACK}"}},
                {"output_type": "display_data", "data": {"application/javascript": "window.hacked = 1"}},
                {"output_type": "error", "ename": "Boom", "evalue": "x", "traceback": [f"Boom: {ATTACK}"]},
            ],
        },
    ],
}
MAP = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": f"field {HOSTILE}", "area": 2.5},
            "geometry": {"type": "Polygon", "coordinates": [[[10, 50], [11, 50], [11, 51], [10, 51], [10, 50]]]},
        },
        {"type": "Feature", "id": "spring", "geometry": {"type": "Point", "coordinates": [10.5, 50.5]}},
        {
            "type": "Feature",
            "properties": None,
            "geometry": {"type": "LineString", "coordinates": [[10, 50], [11, 51]]},
        },
    ],
}


def make_drawn(rest: Rest) -> list[str]:
    """Two runs with files of the same names, and pictures and sound over steps."""
    experiment = rest.experiment("drawn")
    runs = [rest.run(experiment, f"drawn-{number}") for number in (0, 1)]
    for number, run in enumerate(runs):
        rest.upload(run, "config.json", json.dumps({"lr": 0.1 * (number + 1)}, indent=2).encode())
        rest.upload(run, "plots/chart.png", png(8 + number, 8))
        for step in (0, 5):
            rest.upload(run, f"images/digits+step+{step}+timestamp+{1000 + step}+id.png", png(8, 8))
        rest.upload(run, "media/audio/voice~low/step-5+1000+0123abcd.wav", b"RIFF")
    rest.upload(runs[0], "media/video/ride/step-5+1000+0123abcd.mp4", b"\0\0\0\x18ftypmp42")
    rest.upload(runs[0], "fit.ipynb", json.dumps(NOTEBOOK).encode())
    rest.upload(runs[0], "places.geojson", json.dumps(MAP).encode())
    rows = [{"id": number, "word": "odd" if number % 2 else "even", "note": HOSTILE} for number in range(120)]
    rest.upload(runs[0], "rows.json", json.dumps(rows).encode())
    rest.upload(runs[0], f"{HOSTILE.replace('/', '')}/inner.txt", b"deep")
    return runs

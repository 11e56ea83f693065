"""Webhooks: made, tested, changed, deleted, and the log of what was sent."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests.fixtures.servers import StartServer
from tests.ui.conftest import NewPage
from tests.ui.pictures import picture
from tests.ui.rest import Rest

pytestmark = pytest.mark.browser

LOCAL = {"MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true", "MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http,https"}
SECRET = "kept to itself"


class Receiver(BaseHTTPRequestHandler):
    """Takes what comes to /taken, and refuses the rest."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        taken = self.path == "/taken"
        self.send_response(200 if taken else 400)
        self.end_headers()
        self.wfile.write(f"<b>{body['action']}</b>".encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_webhook_is_made_tested_watched_changed_and_deleted(
    new_page: NewPage, start_server: StartServer, receiver: str
) -> None:
    server = start_server(environment=LOCAL)
    page = new_page("/settings/webhooks", url=server.url)
    page.get_by_role("heading", name="No webhooks yet").wait_for()
    page.get_by_role("button", name="New webhook").click()
    page.get_by_role("textbox", name="Name").fill("deploy")
    page.get_by_role("textbox", name="Address").fill(f"{receiver}/taken")
    page.get_by_label("Secret").fill(SECRET)
    page.get_by_role("checkbox", name="A model is made").check()
    page.get_by_role("button", name="Create").click()
    row = page.get_by_role("row").filter(has_text="deploy")
    row.get_by_text("registered_model.created").wait_for()

    row.get_by_role("button", name="Test").click()
    page.get_by_role("button", name="Send a sample").click()
    page.get_by_text("It was taken: status 200").wait_for()
    page.get_by_text("<b>created</b>").wait_for()
    page.get_by_role("button", name="Close").last.click()

    Rest(server.url).post("/api/2.0/mlflow/registered-models/create", name="watched")
    row.get_by_role("button", name="deploy", exact=True).click()
    log = page.get_by_role("region", name="Deliveries to deploy")
    log.get_by_text("✓ delivered").wait_for()
    log.get_by_role("button", name="registered_model.created").click()
    log.get_by_text('"name": "watched"').wait_for()
    picture(page, "deliveries")
    log.get_by_role("button", name="Send again").click()
    page.get_by_text("It is sent once more.").wait_for()

    row.get_by_role("button", name="Actions for deploy").click()
    page.get_by_role("menuitem", name="Edit").click()
    assert page.get_by_label("Secret").input_value() == ""
    page.get_by_role("textbox", name="Address").fill(f"{receiver}/refused")
    page.get_by_role("button", name="Save").click()
    row.get_by_text("/refused").wait_for()
    Rest(server.url).post("/api/2.0/mlflow/registered-models/create", name="refused")
    page.get_by_role("button", name="Read again").click()
    log.get_by_text("✗ failed").first.wait_for()  # what is sent once more may fail too
    log.get_by_text("status 400").first.wait_for()

    row.get_by_role("button", name="Actions for deploy").click()
    page.get_by_role("menuitem", name="Switch off").click()
    row.get_by_text("Switched off").wait_for()
    assert SECRET not in page.content()
    row.get_by_role("button", name="Actions for deploy").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Delete for good").click()
    page.get_by_role("heading", name="No webhooks yet").wait_for()


def test_an_address_that_may_not_be_called_is_refused_in_the_dialog(new_page: NewPage) -> None:
    page = new_page("/models")
    page.refusals_expected = True
    page.get_by_role("link", name="Webhooks").click()
    page.get_by_role("button", name="New webhook").click()
    page.get_by_role("textbox", name="Name").fill("inside")
    page.get_by_role("textbox", name="Address").fill("https://127.0.0.1/")
    page.get_by_role("button", name="Create").click()
    page.get_by_role("dialog").get_by_role("alert").filter(has_text="127.0.0.1").wait_for()

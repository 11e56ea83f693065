import socket
from typing import Any

import pytest

from mlflow.exceptions import InvalidParameterValue
from mlflow.webhooks.addresses import check_url, resolve
from mlflow.webhooks.sender import send
from tests.webhooks.receiver import Receiver


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://127.0.0.1/", id="loopback"),
        pytest.param("https://10.1.2.3/", id="private"),
        pytest.param("https://169.254.169.254/latest/meta-data", id="cloud metadata"),
        pytest.param("https://[::1]/", id="loopback of IPv6"),
        pytest.param("https://[::ffff:127.0.0.1]/", id="mapped"),
        pytest.param("https://[64:ff9b::7f00:1]/", id="translated"),
        pytest.param("https://[fd00::1]/", id="private of IPv6"),
        pytest.param("https://0.0.0.0/", id="unspecified"),
        pytest.param("https://2130706433/", id="a number"),
        pytest.param("https://0x7f.1/", id="hexadecimal"),
        pytest.param("https://224.0.0.1/", id="multicast"),
        pytest.param("https://100.64.0.1/", id="carrier's"),
        pytest.param("https://localhost/", id="a name that leads here"),
    ],
)
def test_address_that_is_not_public_is_refused(url: str) -> None:
    with pytest.raises(InvalidParameterValue, match=r"no public address|cannot be resolved"):
        check_url(url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://8.8.8.8/", "scheme: 'http'"),
        ("file:///etc/passwd", "scheme: 'file'"),
        ("gopher://8.8.8.8/", "scheme: 'gopher'"),
        ("https:///x", "hostname"),
        ("nothing", "scheme: ''"),
        ("https://8.8.8.8:99999/", "cannot be read"),
        ("https://8.8.8.8\\@127.0.0.1/", "encode"),
        ("https://8.8.8.8/ x", "encode"),
        ("https://8.8.8.8/" + "x" * 2048, "shorten"),
    ],
)
def test_url_that_is_no_place_for_webhooks_is_refused(url: str, reason: str) -> None:
    with pytest.raises(InvalidParameterValue, match=reason):
        check_url(url)


def test_public_address_is_fine() -> None:
    assert resolve("https://8.8.8.8:8443/x").addresses == ("8.8.8.8",)


def test_address_that_was_judged_is_the_one_connected_to(
    receiver: Receiver, allowed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "127.9.9.9"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest, **named: (
            rebinding(host, *rest, **named) if host == "rebinding.example" else real(host, *rest, **named)
        ),
    )
    outcome = send(f"http://rebinding.example:{receiver.port}/200", "d", b"{}", None)
    assert (outcome.delivered, asked) == (True, ["rebinding.example"])
    assert receiver.received[0].headers["Host"] == f"rebinding.example:{receiver.port}"


def test_redirect_is_not_followed(receiver: Receiver, allowed: None) -> None:
    outcome = send(f"{receiver.url}/302", "d", b"{}", None)
    assert (outcome.status, outcome.delivered, outcome.again) == (302, False, False)
    assert "elsewhere" in (outcome.error or "")
    assert [request.path for request in receiver.received] == ["/302"]


def test_address_is_judged_anew_at_each_delivery(receiver: Receiver) -> None:
    outcome = send(f"{receiver.url}/200", "d", b"{}", None)
    assert not outcome.delivered
    assert "scheme" in (outcome.error or "")
    assert receiver.received == []


def test_certificate_that_nobody_knows_is_refused(allowed: None, tls_port: int) -> None:
    outcome = send(f"https://127.0.0.1:{tls_port}/", "d", b"{}", None)
    assert not outcome.delivered
    assert "certificate" in (outcome.error or "").lower()

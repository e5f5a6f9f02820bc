"""Servers that an authority of our own vouches for, and that want to see who asks."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina
from pytest_httpserver import HTTPServer

from ops_console.contracts.http import Client
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.tls import trusting
from ops_console.core.settings import networks
from tests.contracts.authority import Authority, authority

LOOPBACK = networks("127.0.0.0/8, ::1/128")


@pytest.fixture(scope="module")
def own() -> Authority:
    return authority()


@pytest.fixture(scope="module")
def strict(own: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HTTPServer]:
    """It shows a certificate of the authority, and wants to see one of it."""
    place = tmp_path_factory.mktemp("tls") / "server.pem"
    place.write_text(own.vouch("localhost"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place)
    context.load_verify_locations(cadata=own.pem)
    context.verify_mode = ssl.CERT_REQUIRED
    with HTTPServer(ssl_context=context) as server:
        server.expect_request("/things").respond_with_data("fine")
        yield server


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=1):
        yield


def ask(server: HTTPServer, tls: ssl.SSLContext | None) -> str:
    with Client(f"https://localhost:{server.port}/", headers={}, private=LOOPBACK, tls=tls) as client:
        return client.get("things").text


def test_a_server_of_our_own_authority_is_trusted_and_shown_who_asks(own: Authority, strict: HTTPServer) -> None:
    assert ask(strict, trusting(own.pem, own.vouch("console"))) == "fine"


def test_without_the_authority_the_server_is_not_trusted(own: Authority, strict: HTTPServer) -> None:
    for tls in (trusting(), trusting(identity=own.vouch("console")), trusting(authority().pem, own.vouch("console"))):
        with pytest.raises(Unavailable, match="certificate verify failed"):
            ask(strict, tls)


def test_without_a_certificate_of_ours_the_server_does_not_answer(own: Authority, strict: HTTPServer) -> None:
    for tls in (trusting(own.pem), trusting(own.pem, authority().vouch("console"))):
        with pytest.raises(Unavailable):
            ask(strict, tls)


def test_a_certificate_of_another_name_is_refused(own: Authority, tmp_path: Path) -> None:
    place = tmp_path / "other.pem"
    place.write_text(own.vouch("elsewhere.example"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place)
    with HTTPServer(ssl_context=context) as server, pytest.raises(Unavailable, match="ostname mismatch"):
        ask(server, trusting(own.pem))


def test_what_is_no_pem_is_said_without_repeating_it(own: Authority) -> None:
    for said in ({"authority": "s3cret"}, {"identity": "s3cret"}, {"identity": own.pem}):
        with pytest.raises(Rejected, match="What is named as the") as caught:
            trusting(**said)
        assert "s3cret" not in str(caught.value)

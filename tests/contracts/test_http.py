"""Asking a vendor: patience, retries, and where no request may go."""

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from itertools import repeat

import pytest
import stamina
import time_machine
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from ops_console.contracts import http
from ops_console.contracts.http import Client, permitted, retry_after
from ops_console.contracts.integration import Rejected, Unavailable, Unclear
from ops_console.core.settings import networks

LOOPBACK = networks("127.0.0.0/8, ::1/128")


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=http.ATTEMPTS, cap=True):
        yield


@pytest.fixture
def client(httpserver: HTTPServer) -> Iterator[Client]:
    with Client(httpserver.url_for("/"), headers={"Authorization": "Bearer s3cret"}, private=LOOPBACK) as made:
        yield made


def answering(httpserver: HTTPServer, *answers: Response) -> list[Request]:
    """Answer in turn; what was asked."""
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        asked.append(request)
        return answers[min(len(asked), len(answers)) - 1]

    httpserver.expect_request("/things").respond_with_handler(answer)
    return asked


def test_an_answer_comes_back_with_what_was_asked(httpserver: HTTPServer, client: Client) -> None:
    asked = answering(httpserver, Response('{"a": 1}', content_type="application/json"))
    assert client.get("things", params={"page": 2}, headers={"If-None-Match": "x"}).json() == {"a": 1}
    assert (asked[0].args["page"], asked[0].headers["If-None-Match"]) == ("2", "x")
    assert asked[0].headers["Authorization"] == "Bearer s3cret"
    assert asked[0].headers["Host"] == f"localhost:{httpserver.port}"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_passing_trouble_is_asked_for_again(httpserver: HTTPServer, client: Client, status: int) -> None:
    asked = answering(httpserver, Response(status=status), Response(status=status), Response("fine"))
    assert client.get("things").text == "fine"
    assert len(asked) == 3


def test_a_trouble_that_stays_ends_as_unavailable(httpserver: HTTPServer, client: Client) -> None:
    asked = answering(httpserver, Response(status=503, headers={"Retry-After": "7"}))
    with pytest.raises(Unavailable, match="localhost answers 503") as caught:
        client.get("things")
    assert (len(asked), caught.value.retry_after) == (http.ATTEMPTS, 7)


def test_where_each_try_costs_money_there_is_one(httpserver: HTTPServer) -> None:
    asked = answering(httpserver, Response(status=503), Response("fine"))
    with (
        Client(httpserver.url_for("/"), headers={}, private=LOOPBACK, asks_once=True) as client,
        pytest.raises(Unavailable, match="localhost answers 503"),
    ):
        client.get("things")
    assert len(asked) == 1


def test_a_short_wait_is_waited_for_and_a_long_one_handed_back(httpserver: HTTPServer, client: Client) -> None:
    asked = answering(httpserver, Response(status=429, headers={"Retry-After": "2"}), Response("fine"))
    assert client.get("things").text == "fine"
    httpserver.clear()
    asked = answering(httpserver, Response(status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(Unavailable, match="asks to wait") as caught:
        client.get("things")
    assert (len(asked), caught.value.retry_after) == (1, 3600)


def test_a_refusal_for_now_without_a_time_is_not_pressed(httpserver: HTTPServer, client: Client) -> None:
    asked = answering(httpserver, Response(status=429))
    with pytest.raises(Unavailable) as caught:
        client.get("things")
    assert (len(asked), caught.value.retry_after) == (1, 60)


def test_a_vendor_may_ask_to_wait_in_a_way_of_its_own(httpserver: HTTPServer) -> None:
    asked = answering(httpserver, Response(status=403), Response("fine"))
    waits = {403: 1.0}
    with Client(
        httpserver.url_for("/"), headers={}, private=LOOPBACK, waits=lambda answer: waits.get(answer.status_code)
    ) as client:
        assert client.get("things").text == "fine"
    assert len(asked) == 2


@pytest.mark.parametrize("status", [200, 304, 400, 401, 403, 404, 410, 422])
def test_other_answers_are_the_callers_to_judge(httpserver: HTTPServer, client: Client, status: int) -> None:
    asked = answering(httpserver, Response(status=status))
    assert client.get("things").status_code == status
    assert len(asked) == 1


def test_a_redirection_is_followed(httpserver: HTTPServer, client: Client) -> None:
    answering(httpserver, Response("moved here"))
    httpserver.expect_request("/old").respond_with_data("", 301, headers={"Location": "/things"})
    assert client.get("old").text == "moved here"


def test_going_round_in_circles_is_for_a_person(httpserver: HTTPServer, client: Client) -> None:
    httpserver.expect_request("/old").respond_with_data("", 302, headers={"Location": "/old"})
    with pytest.raises(Rejected, match="leads nowhere"):
        client.get("old")


def test_a_redirection_into_a_private_network_is_refused(httpserver: HTTPServer, client: Client) -> None:
    httpserver.expect_request("/old").respond_with_data("", 302, headers={"Location": "http://169.254.169.254/latest"})
    with pytest.raises(Rejected, match=r"169\.254\.169\.254 leads to a private network"):
        client.get("old")


def test_an_answer_that_breaks_off_is_asked_for_again_and_then_told() -> None:
    server = socket.create_server(("127.0.0.1", 0))
    asked = []

    def cut() -> None:
        for _ in range(http.ATTEMPTS):
            connection, _ = server.accept()
            asked.append(connection.recv(10_000))
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"half": ')
            connection.close()

    threading.Thread(target=cut, daemon=True).start()
    with (
        Client(f"http://127.0.0.1:{server.getsockname()[1]}", headers={}, private=LOOPBACK) as client,
        pytest.raises(Unavailable, match=r"The answer of 127\.0\.0\.1 broke off: .* It is tried again by itself"),
    ):
        client.get("/things")
    assert len(asked) == http.ATTEMPTS
    server.close()


def test_an_answer_that_does_not_come_is_told_as_what_it_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with Client(address, headers={}, private=LOOPBACK) as client:
            client._client.timeout = 0.05
            with pytest.raises(
                Unavailable, match=r"127\.0\.0\.1 takes too long to answer\. It is tried again by itself"
            ):
                client.get("/things")


def test_an_answer_that_trickles_for_ever_is_left(
    httpserver: HTTPServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "SLOWEST", 0.05)

    def trickle(_: Request) -> Response:
        return Response((time.sleep(0.01) or each for each in repeat(b"x", 1_000)), mimetype="text/plain")

    httpserver.expect_request("/things").respond_with_handler(trickle)
    with pytest.raises(Unavailable, match="takes too long to answer"):
        client.get("things")


def test_a_long_answer_is_read_as_it_comes(httpserver: HTTPServer, client: Client) -> None:
    asked = answering(httpserver, Response(status=503), Response(b"x" * (3 * http.CHUNK)))
    answer = client.open("POST", "things", headers={"X-Signed": "yes"}, content=b"which")
    assert [len(chunk) for chunk in client.chunks(answer)] == [http.CHUNK] * 3
    assert (asked[1].method, asked[1].data, asked[1].headers["X-Signed"]) == ("POST", b"which", "yes")


def test_a_long_answer_comes_unpacked_or_as_it_is(httpserver: HTTPServer, client: Client) -> None:
    packed = gzip.compress(b"words")
    answering(httpserver, Response(packed, headers={"Content-Encoding": "gzip"}))
    assert b"".join(client.chunks(client.open("GET", "things"))) == b"words"
    assert b"".join(client.chunks(client.open("GET", "things"), is_raw=True)) == packed


def test_what_is_signed_for_one_place_follows_no_redirection(httpserver: HTTPServer, client: Client) -> None:
    httpserver.expect_request("/old").respond_with_data("why", 307, headers={"Location": "/things"})
    answer = client.open("GET", "old", goes_on=False)
    assert (answer.status_code, answer.text) == (307, "why")


@pytest.mark.parametrize(
    ("head", "words"), [(b"", "broke off"), (b"Content-Encoding: gzip\r\n", "cannot be unpacked|broke off")]
)
def test_a_long_answer_that_breaks_off_is_unavailable(head: bytes, words: str) -> None:
    server = socket.create_server(("127.0.0.1", 0))

    def cut() -> None:
        connection, _ = server.accept()
        connection.recv(10_000)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n" + head + b"\r\nhalf of it")
        connection.close()

    threading.Thread(target=cut, daemon=True).start()
    with Client(f"http://127.0.0.1:{server.getsockname()[1]}", headers={}, private=LOOPBACK) as client:
        answer = client.open("GET", "/things")
        with pytest.raises(Unavailable, match=words):
            list(client.chunks(answer))
    server.close()


def test_nobody_there_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with (
        Client(f"http://127.0.0.1:{port}", headers={}, private=LOOPBACK) as client,
        pytest.raises(Unavailable, match="cannot be reached: Connection refused"),
    ):
        client.get("/")


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1",
     "fd00::1", "fe80::1", "::ffff:127.0.0.1", "2002:7f00:1::", "224.0.0.1", "2130706433"],
)  # fmt: skip
def test_private_addresses_are_refused_however_they_are_written(host: str) -> None:
    with pytest.raises(Rejected, match="private network") as caught:
        permitted(host, 80, ())
    assert "OPS_CONSOLE_PRIVATE_ADDRESSES" in caught.value.remedy


def test_a_network_that_is_named_is_allowed_and_no_other() -> None:
    assert str(permitted("10.20.0.7", 443, (ip_network("10.20.0.0/16"),))) == "10.20.0.7"
    with pytest.raises(Rejected):
        permitted("10.21.0.7", 443, (ip_network("10.20.0.0/16"),))
    assert str(permitted("140.82.112.6", 443, ())) == "140.82.112.6"


def test_a_secret_goes_over_no_open_road() -> None:
    with (
        Client("http://140.82.112.6", headers={"Authorization": "Bearer s3cret"}) as client,
        pytest.raises(Rejected, match="not encrypted"),
    ):
        client.get("/")


def test_one_private_address_among_several_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("140.82.112.6", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(Rejected):
        permitted("rebinding.example", 443, ())


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("120", 120), (" 1.5 ", 1.5), ("-3", 0), ("", None), ("soon", None), ("nan", None),
     ("Wed, 04 Nov 2026 09:01:30 GMT", 90), ("Wed, 04 Nov 2026 08:00:00 GMT", 0)],
)  # fmt: skip
def test_a_wait_is_a_number_or_a_date(said: str, seconds: float | None) -> None:
    with time_machine.travel(datetime(2026, 11, 4, 9, tzinfo=UTC), tick=False):
        assert retry_after({"retry-after": said}) == seconds


def test_an_answer_that_would_fill_the_memory_is_refused(
    httpserver: HTTPServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "LARGEST", 1_000_000)
    asked = answering(httpserver, Response(b"x" * 1_000_000), Response(b"x" * 1_000_001))
    assert len(client.get("things").content) == 1_000_000
    with pytest.raises(Rejected, match="is larger than 1,000,000 bytes"):
        client.get("things")
    assert len(asked) == 2


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_change_is_sent_once_and_an_error_leaves_open_what_came_of_it(
    httpserver: HTTPServer, client: Client, status: int
) -> None:
    asked = answering(httpserver, Response(status=status), Response("fine"))
    with pytest.raises(Unclear, match=f"localhost answers {status}"):
        client.write("POST", "things", content=b"{}")
    assert len(asked) == 1


def test_a_change_whose_answer_was_cut_is_unclear(httpserver: HTTPServer, client: Client) -> None:
    asked = answering(httpserver, Response([b"half"], headers={"Content-Length": "100"}))
    with pytest.raises(Unclear, match="was lost"):
        client.write("PUT", "things", content=b"{}")
    assert len(asked) == 1


def test_a_change_that_reached_nobody_was_not_taken() -> None:
    with Client("http://127.0.0.1:1/", headers={}, private=LOOPBACK) as client, pytest.raises(Unavailable):
        client.write("POST", "things", content=b"{}")


def test_a_change_that_must_wait_was_not_taken(httpserver: HTTPServer, client: Client) -> None:
    asked = answering(httpserver, Response(status=429, headers={"Retry-After": "1"}))
    with pytest.raises(Unavailable) as caught:
        client.write("POST", "things", content=b"{}")
    assert (len(asked), caught.value.retry_after) == (1, 1)


def test_a_change_is_not_carried_elsewhere_by_a_redirection(httpserver: HTTPServer, client: Client) -> None:
    asked = answering(httpserver)
    httpserver.expect_request("/old").respond_with_data("", 307, headers={"Location": "/things"})
    assert client.write("POST", "old", content=b"{}").status_code == 307
    assert asked == []

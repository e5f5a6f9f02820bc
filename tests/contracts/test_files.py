"""Files at addresses: asked for again only where they changed; every refusal says what to do, and never the address."""

from collections.abc import Iterator
from typing import Any

import pytest
import stamina
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from ops_console.contracts import files
from ops_console.contracts.files import File, read_file
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.core.settings import networks

LOOPBACK = networks("127.0.0.0/8, ::1/128")
SECRET = "/private/pX9s3cret/feed.ics"


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4, cap=True):
        yield


def read(httpserver: HTTPServer, answer: Any, **options: Any) -> File | None:
    httpserver.expect_request(SECRET).respond_with_handler(
        answer if not isinstance(answer, Response) else lambda _: answer
    )
    return read_file(httpserver.url_for(SECRET), "the calendar", private=LOOPBACK, **options)


def test_a_file_is_read_and_asked_for_again_only_where_it_changed(httpserver: HTTPServer) -> None:
    def answer(request: Request) -> Response:
        is_known = request.headers.get("If-None-Match") == '"1"'
        return Response(status=304) if is_known else Response("naïve", headers={"ETag": '"1"'})

    found = read(httpserver, answer)
    assert found == File("naïve", {"etag": '"1"'})
    assert read(httpserver, answer, seen=found.seen) is None
    assert read(httpserver, answer, seen={"etag": '"0"'}) == found


def test_a_server_without_tags_is_asked_by_the_time_of_the_change(httpserver: HTTPServer) -> None:
    at = "Wed, 21 Oct 2026 07:28:00 GMT"

    def answer(request: Request) -> Response:
        is_known = request.headers.get("If-Modified-Since") == at
        return Response(status=304) if is_known else Response("x", headers={"Last-Modified": at})

    found = read(httpserver, answer)
    assert found is not None and read(httpserver, answer, seen=found.seen) is None


def test_a_token_is_told_where_there_is_one(httpserver: HTTPServer) -> None:
    def answer(request: Request) -> Response:
        return Response(request.headers.get("Authorization", "nobody"))

    found = [read(httpserver, answer), read(httpserver, answer, token="t0ken")]
    assert [each and each.text for each in found] == ["nobody", "Bearer t0ken"]


def test_a_mark_at_the_beginning_is_no_part_of_the_file(httpserver: HTTPServer) -> None:
    assert read(httpserver, Response(b"\xef\xbb\xbfa: 1")) == File("a: 1", {})


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Response("", 401), "localhost does not let us read the calendar"),
        (Response("", 403), "does not let us read"),
        (Response("", 404), "does not find the calendar"),
        (Response("", 410), "does not find"),
        (Response("", 418), "answers 418"),
        (Response("<html>Sign in</html>", content_type="text/html; charset=utf-8"), "a page in the place of"),
        (Response(b"caf\xe9"), "Byte 4 of the calendar is no UTF-8"),
    ],
)
def test_a_refusal_names_host_and_file_and_never_the_address(
    httpserver: HTTPServer, answer: Response, words: str
) -> None:
    with pytest.raises(Rejected, match=words) as caught:
        read(httpserver, answer)
    assert "s3cret" not in f"{caught.value} {caught.value.remedy}" and caught.value.remedy


def test_a_file_that_is_too_large_is_refused(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 10)
    with pytest.raises(Rejected, match="larger than 10 bytes"):
        read(httpserver, Response("x" * 11))


def test_a_wish_to_wait_is_heard(httpserver: HTTPServer) -> None:
    with pytest.raises(Unavailable) as caught:
        read(httpserver, Response("", 429, headers={"Retry-After": "600"}))
    assert caught.value.retry_after == 600

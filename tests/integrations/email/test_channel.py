"""Reports leave by SMTP, and every answer of a mail server has one meaning for us."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.email import channel
from ops_console.contracts.integration import Attachment, Receipt, Rejected, Unavailable, Unclear
from ops_console.core.settings import Settings
from tests.integrations.email.mailroom import Mailroom, authenticated, open_mailroom
from tests.reporting import documents

PNG = b"\x89PNG..."
PDF = Attachment("monthly_operations_2026-10.pdf", "application/pdf", b"%PDF-1.7")


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with open_mailroom(Mailroom()) as opened:
        yield opened


def send(settings: Settings, to: str = "ann@example.com") -> Receipt:
    return channel.send(
        documents.document(), to, settings, images={"lead_time": PNG}, attachments=(PDF,), delivery_id="r-2026-10-1.abc"
    )


def test_a_report_arrives_as_plain_text_html_charts_and_pdf(room: Mailroom) -> None:
    send(room.settings())
    types = [part.get_content_type() for part in room.messages[0].walk()]
    alternatives = ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    assert types == ["multipart/mixed", *alternatives, "application/pdf"]


def test_the_html_shows_charts_by_content_id(room: Mailroom) -> None:
    send(room.settings())
    message = room.messages[0]
    html = next(part for part in message.walk() if part.get_content_type() == "text/html").get_content()
    image = next(part for part in message.walk() if part.get_content_type() == "image/png")
    assert f'src="cid:{image["Content-ID"].strip("<>")}"' in html
    assert image.get_content() == PNG


def test_the_envelope_names_one_recipient(room: Mailroom) -> None:
    send(room.settings())
    assert room.envelopes == [("ops@console.example", ["ann@example.com"])]


def test_headers_tell_machines_what_this_is(room: Mailroom) -> None:
    send(room.settings(base_url="https://console.example/"))
    message = room.messages[0]
    assert message["Subject"] == "MLOps monthly report, Oct 2026: 4 off target, cost 6% over"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<https://console.example/reports/unsubscribe/r-2026-10-1.abc>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_long_link_stays_one_link(room: Mailroom) -> None:
    send(room.settings(base_url=f"https://console.example/{'deep/' * 40}"))
    assert f"deep/{'deep/' * 38}deep/reports/unsubscribe/r-2026-10-1.abc>" in room.taken[0].decode()


def test_a_retry_carries_the_same_message_id(room: Mailroom) -> None:
    first, second = send(room.settings()), send(room.settings())
    assert first == second == Receipt("<r-2026-10-1.abc@console.example>")
    assert {message["Message-ID"] for message in room.messages} == {first.reference}


def test_every_line_fits_the_protocol(room: Mailroom) -> None:
    send(room.settings())
    assert max(len(line) for line in room.taken[0].splitlines()) <= 998
    room.taken[0].decode("ascii")


def test_a_refused_recipient_is_a_matter_for_a_person(room: Mailroom) -> None:
    room.answers["bob@example.com"] = "550 No such user here"
    with pytest.raises(Rejected, match=r"refuses bob@example.com: 550 No such user here.*Check the address"):
        send(room.settings(), "bob@example.com")
    send(room.settings(), "ann@example.com")
    assert len(room.taken) == 1


@pytest.mark.parametrize("step", ["MAIL", "ann@example.com", "DATA"])
def test_a_server_that_puts_us_off_is_asked_again_later(room: Mailroom, step: str) -> None:
    room.answers[step] = "451 Greylisted, come back"
    with pytest.raises(Unavailable, match="451 Greylisted"):
        send(room.settings())


def test_a_server_that_hangs_up_before_the_message_has_taken_nothing(room: Mailroom) -> None:
    room.hang_up_at = "MAIL"
    with pytest.raises(Unavailable, match="hung up before it took"):
        send(room.settings())


def test_a_server_that_hangs_up_after_the_message_may_have_taken_it(room: Mailroom) -> None:
    room.hang_up_at = "DATA"
    with pytest.raises(Unclear, match="before it confirmed"):
        send(room.settings())


def test_no_server_at_the_address_is_for_later_and_names_the_settings() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        room = Mailroom(port=free.getsockname()[1])
    with pytest.raises(Unavailable, match="OPS_CONSOLE_SMTP_HOST"):
        send(room.settings())


def test_a_server_without_starttls_is_never_used_in_the_clear(room: Mailroom) -> None:
    with pytest.raises(Rejected, match="offers no STARTTLS"):
        send(room.settings(smtp_security="starttls"))
    assert room.taken == []


def test_a_user_signs_in() -> None:
    with open_mailroom(Mailroom(), authenticator=authenticated("secret"), auth_require_tls=False) as room:
        send(room.settings(smtp_user="ops", smtp_password="secret"))
        assert len(room.taken) == 1


def test_a_wrong_password_is_a_matter_for_a_person_and_is_not_repeated_to_anyone() -> None:
    with open_mailroom(Mailroom(), authenticator=authenticated("secret"), auth_require_tls=False) as room:
        with pytest.raises(Rejected, match="OPS_CONSOLE_SMTP_PASSWORD") as refused:
            send(room.settings(smtp_user="ops", smtp_password="hunter2"))
        assert "hunter2" not in str(refused.value)


def test_a_server_that_knows_no_sign_in_is_named(room: Mailroom) -> None:
    with pytest.raises(Rejected, match="no sign-in we can use"):
        send(room.settings(smtp_user="ops", smtp_password="secret"))


def test_nobody_receives_anything_until_server_and_sender_are_set() -> None:
    assert channel.recipients(Settings(mail_to="ann@example.com")) == []
    assert channel.recipients(Settings(mail_to="ann@example.com", smtp_host="mx")) == []
    assert channel.owner(Settings(report_owner="ann@example.com")) == ""


def test_recipients_are_told_apart_by_commas_and_named_once(room: Mailroom) -> None:
    settings = room.settings(mail_to=" ann@example.com,, Bob <bob@example.com> ,ann@example.com")
    assert channel.recipients(settings) == ["ann@example.com", "Bob <bob@example.com>"]


def test_a_recipient_with_a_name_is_written_to_by_name(room: Mailroom) -> None:
    send(room.settings(), "Bób Näme <bob@example.com>")
    assert room.messages[0]["To"] == "Bób Näme <bob@example.com>"
    assert room.envelopes[0][1] == ["bob@example.com"]


def test_the_owner_is_the_one_set_else_the_first_reader(room: Mailroom) -> None:
    assert channel.owner(room.settings()) == "ann@example.com"
    assert channel.owner(room.settings(report_owner="olga@example.com")) == "olga@example.com"


def test_a_mail_server_cannot_say_what_it_took() -> None:
    with pytest.raises(Unclear, match=r"Ask ann@example\.com whether it did"):
        channel.find("r.1", "ann@example.com", Settings(), since=documents.AS_OF)


def test_a_preview_is_the_message_itself_the_same_every_time(tmp_path: Path) -> None:
    def files() -> dict[str, bytes]:
        made = channel.rendered(documents.document(), Settings(), images={"lead_time": PNG}, attachments=(PDF,))
        return {file.name: file.content for file in made}

    assert list(files()) == ["txt", "eml"]
    assert files() == files()

"""FOCUS files: read when they have changed, by whatever tells it, and never halfway."""

import gzip
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from werkzeug import Response

from integrations.focus import collector
from integrations.focus.account import account
from integrations.focus.header import columns
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Setup
from tests.conftest import samples
from tests.integrations.aws_cost.cloud import packed
from tests.integrations.focus.reading import pulled
from tests.integrations.focus.shelf import AUTHORIZATION, DATE, ETAG, LOOPBACK, NOTHING, NOW, Shelf, cut, october

HOUR = timedelta(hours=1)


def test_files_come_by_address_and_from_the_folder(shelf: Shelf) -> None:
    shelf.serve("a/focus.csv.gz", october(), october(2))
    shelf.lay("azure/2026-10.csv.gz", october(3))
    shelf.lay("azure/other.txt", october(4))
    found = pulled(shelf.setup("a/focus.csv.gz", files=["azure/*.csv.gz"]))
    assert (found.trouble, found.parts) == (
        None,
        {"localhost/a/focus.csv.gz": ["1.5", "2"], "azure/2026-10.csv.gz": ["3"]},
    )


@pytest.mark.parametrize(
    ("tells", "statuses"), [(ETAG, [200, 304, 200]), (DATE, [200, 304, 200]), (NOTHING, [200] * 3)]
)
def test_an_address_is_read_again_only_when_its_file_has_changed(shelf: Shelf, tells: str, statuses: list[int]) -> None:
    shelf.tells = tells
    shelf.serve("focus.csv.gz", october())
    first = pulled(shelf.setup("focus.csv.gz"))
    assert pulled(shelf.setup("focus.csv.gz"), first.cursor).parts == {}
    shelf.serve("focus.csv.gz", october(9), at=NOW + HOUR)
    assert pulled(shelf.setup("focus.csv.gz"), first.cursor).parts == {"localhost/focus.csv.gz": ["9"]}
    assert [status for _, status in shelf.asked] == statuses


def test_a_file_that_only_looks_changed_is_not_read(shelf: Shelf, clock: time_machine.Traveller) -> None:
    shelf.tells = DATE
    shelf.serve("focus.csv.gz", october())
    shelf.lay("focus.csv.gz", october())
    setup = shelf.setup("focus.csv.gz", files=["*.gz"])
    first = pulled(setup)
    clock.shift(HOUR)
    shelf.serve("focus.csv.gz", october(), at=NOW + HOUR)
    shelf.lay("focus.csv.gz", october(), at=NOW)
    again = pulled(setup, first.cursor)
    assert (len(first.parts), again.parts) == (2, {})


def test_a_file_in_the_folder_is_read_again_when_it_has_changed(shelf: Shelf) -> None:
    shelf.lay("focus.csv.gz", october())
    setup = shelf.setup(files=["focus.csv.gz"])
    cursor = pulled(setup).cursor
    assert pulled(setup, cursor).parts == {}
    shelf.lay("focus.csv.gz", october(7), at=NOW - HOUR / 2)
    assert pulled(setup, cursor).parts == {"focus.csv.gz": ["7"]}


def test_a_file_that_is_still_being_written_is_left_for_later(shelf: Shelf, clock: time_machine.Traveller) -> None:
    shelf.lay("focus.csv.gz", october(), at=NOW - timedelta(seconds=5))
    setup = shelf.setup(files=["*"])
    assert pulled(setup).parts == {}
    clock.shift(HOUR)
    assert pulled(setup).parts == {"focus.csv.gz": ["1.5"]}


def test_a_file_that_changes_while_it_is_read_counts_for_nothing(shelf: Shelf) -> None:
    path = shelf.lay("focus.csv.gz", october())
    page = next(collector.pull(shelf.setup(files=["*"]), {}, NOW))
    assert page.charges is not None
    rows = iter(page.charges.rows)
    assert next(rows) == path
    shelf.lay("focus.csv.gz", october(2), at=NOW)
    with pytest.raises(Unavailable, match="being written"):
        next(rows)


def test_nothing_outside_of_the_folder_is_read(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a,b\n")
    (shelf.folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (shelf.folder / "out").symlink_to(tmp_path)
    assert pulled(shelf.setup(files=["*.csv", "out/*.csv"])).parts == {}
    for pattern in ("../secret.csv", "/etc/passwd", "a/../../secret.csv"):
        with pytest.raises(Rejected, match="does not lie below the folder"):
            account(shelf.setup(files=[pattern]))


def test_a_file_that_may_not_be_read_is_for_a_person(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.lay("a.csv.gz", october())
    shelf.lay("b.csv.gz", october())
    digest = hashlib.file_digest

    def refused(file: object, kind: str) -> object:
        if str(file.name).endswith("a.csv.gz"):  # type: ignore[attr-defined]  # an open file
            raise PermissionError(13, "Permission denied")
        return digest(file, kind)  # type: ignore[arg-type]  # an open file

    monkeypatch.setattr(hashlib, "file_digest", refused)
    found = pulled(shelf.setup(files=["*"]))
    assert isinstance(found.trouble, Rejected) and "a.csv.gz cannot be read: Permission denied" in str(found.trouble)
    assert list(found.parts) == ["b.csv.gz"]


def test_from_any_page_on_the_rest_is_found(shelf: Shelf) -> None:
    for number in range(4):
        shelf.serve(f"{number}.csv.gz", october(number))
    setup = shelf.setup(*(f"{number}.csv.gz" for number in range(4)))
    for parts in range(1, 5):
        first = pulled(setup, parts=parts)
        rest = pulled(setup, first.cursor)
        assert sorted([*first.parts, *rest.parts]) == [f"localhost/{number}.csv.gz" for number in range(4)]


def test_a_download_says_that_it_is_under_way(shelf: Shelf) -> None:
    shelf.contents["big.csv"], shelf.changed["big.csv"] = b"x" * 700_000, NOW
    steps = collector.pull(shelf.setup("big.csv"), {}, NOW)
    assert [page.charges is None for page in steps] == [True, True, True, False]


def test_the_authorization_goes_along_and_is_never_told(shelf: Shelf) -> None:
    shelf.needs = AUTHORIZATION
    shelf.serve("focus.csv.gz", october())
    assert pulled(shelf.setup("focus.csv.gz", secrets={"authorization": AUTHORIZATION})).parts != {}
    trouble = pulled(shelf.setup("focus.csv.gz", secrets={"authorization": "Bearer 0ther"})).trouble
    assert isinstance(trouble, Rejected) and "0ther" not in f"{trouble} {trouble.remedy}"


def test_an_address_that_is_secret_is_told_without_what_makes_it_so(shelf: Shelf) -> None:
    shelf.serve("focus.csv.gz", october())
    secret = {"secret_addresses": f"{shelf.url('focus.csv.gz')}?sig=s3cret\n{shelf.url('gone.csv')}?sig=s3cret"}
    found = pulled(shelf.setup(secrets=secret))
    assert list(found.parts) == ["localhost/focus.csv.gz"]
    assert "s3cret" not in str(found.cursor)
    assert isinstance(found.trouble, Rejected) and "localhost/gone.csv" in str(found.trouble)
    assert "s3cret" not in f"{found.trouble} {found.trouble.remedy}"


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "may not be read"), (403, "may not be read"), (404, "no file"), (410, "no file"), (418, "answers 418")],
)
def test_a_refusal_is_for_a_person_and_says_what_to_do(shelf: Shelf, status: int, words: str) -> None:
    shelf.serve("b.csv.gz", october())
    shelf.troubles = [Response(status=status)]
    found = pulled(shelf.setup("a.csv.gz", "b.csv.gz"))
    assert isinstance(found.trouble, Rejected) and words in str(found.trouble) and found.trouble.remedy
    assert list(found.parts) == ["localhost/b.csv.gz"]


@pytest.mark.parametrize(("headers", "seconds"), [({"Retry-After": "1800"}, 1800), ({}, 60)])
def test_a_wish_to_wait_is_heard_and_never_pressed(shelf: Shelf, headers: dict[str, str], seconds: float) -> None:
    shelf.troubles = [Response(status=429, headers=headers)]
    trouble = pulled(shelf.setup("a.csv.gz")).trouble
    assert isinstance(trouble, Unavailable) and trouble.retry_after == seconds
    assert len(shelf.asked) == 1


def test_a_trouble_that_passes_is_asked_through_and_one_that_stays_is_told(shelf: Shelf) -> None:
    shelf.serve("a.csv.gz", october())
    shelf.troubles = [Response(status=503)]
    assert len(pulled(shelf.setup("a.csv.gz")).parts) == 1
    shelf.troubles = [Response(status=503)] * 4
    assert isinstance(pulled(shelf.setup("a.csv.gz")).trouble, Unavailable)


def test_a_download_that_was_cut_counts_for_nothing(shelf: Shelf) -> None:
    content = packed([october(number) for number in range(500)])
    shelf.troubles = [Response(cut(content), headers={"Content-Length": str(len(content))})]
    found = pulled(shelf.setup("a.csv.gz"))
    assert (found.parts, found.cursor) == ({}, {})
    assert isinstance(found.trouble, Unavailable) and "broke off" in str(found.trouble)


def test_private_addresses_are_refused_unless_they_are_allowed(shelf: Shelf) -> None:
    setup = shelf.setup("a.csv.gz")
    with pytest.raises(Rejected, match="private network"):
        collector.check(Setup("focus", setup.settings))


def test_a_check_says_how_each_file_begins(shelf: Shelf) -> None:
    shelf.serve("focus.csv.gz", october())
    shelf.write("rates.csv", b"ContractId,BillingCurrency\nc,USD\n")
    shelf.write("rows.jsonl", b'{"BilledCost": 1, "BillingPeriodStart": "", "ChargePeriodStart": ""}\n')
    lines = (
        "localhost/focus.csv.gz can be read: FOCUS, 15 columns.",
        "rates.csv has no column BilledCost, BillingPeriodStart, ChargePeriodStart: it needs a mapping, or is no cost "
        "file.",
        "rows.jsonl can be read: FOCUS, 3 columns.",
    )
    assert collector.check(shelf.setup("focus.csv.gz", files=["r*"])) == lines
    assert collector.discover(shelf.setup("focus.csv.gz", files=["r*"]), NOW).lines == lines
    with pytest.raises(Rejected, match=r"no file \*\.parquet"):
        collector.check(shelf.setup(files=["*.parquet"]))
    with pytest.raises(Rejected, match="There is no file localhost/gone"):
        collector.check(shelf.setup("gone"))


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"\xef\xbb\xbf BilledCost ;Tags\n1;2", ["BilledCost", "Tags"]),
        (gzip.compress(b"BilledCost,Tags\n" * 9, mtime=0)[:40], ["BilledCost", "Tags"]),
        (b'\n{"BilledCost": 1}', ["BilledCost"]),
        (b'{"half', []),
        (b"\x1f\x8bnonsense-nonsense", []),
        (b"", []),
    ],
)
def test_columns_are_told_by_the_first_bytes(head: bytes, found: list[str]) -> None:
    assert columns(head) == found


def test_parquet_is_for_a_person_and_says_what_to_do() -> None:
    with pytest.raises(Rejected, match="Parquet") as caught:
        columns(b"PAR1\x15")
    assert "CSV" in caught.value.remedy


@pytest.mark.parametrize(
    ("addresses", "words"),
    [
        ([], "No file is named"),
        (["ftp://a.example/x"], "no address"),
        (["focus.csv"], "no address"),
        (["https://[::1"], "no address"),
        (["https://a.example/x?sig=1"], "holds a secret"),
        (["https://a.example/x?X-Amz-Signature=1"], "holds a secret"),
        (["https://me:pw@a.example/x"], "holds a secret"),
        (["https://a.example/x?month=9", "https://a.example/x?month=10"], "Two addresses name a.example/x"),
    ],
)
def test_settings_that_make_no_sense_are_named(addresses: list[str], words: str) -> None:
    with pytest.raises(Rejected, match=words):
        account(Setup("focus", {"addresses": addresses}))


def test_files_need_a_folder_that_the_console_may_read() -> None:
    with pytest.raises(Rejected, match="reads no files") as caught:
        account(Setup("focus", {"files": ["*"]}))
    assert "OPS_CONSOLE_FILES_FOLDER" in caught.value.remedy


def test_a_very_long_name_still_makes_a_part(shelf: Shelf) -> None:
    name = f"{'long/' * 60}focus.csv.gz"
    shelf.serve(name, october())
    (part,) = pulled(shelf.setup(name)).parts
    assert len(part) <= 250 and part.endswith("long/focus.csv.gz")


@pytest.mark.samples
@pytest.mark.skipif(not samples().exists(), reason="the samples folder is absent")
def test_real_files_begin_as_focus_files_do() -> None:
    for name in ("focus_1_0_real_multicloud_1000.csv.gz", "focus_1_3_synth_aws_2000.csv.gz"):
        setup = Setup("focus", {"files": [name]}, {}, LOOPBACK, samples() / "focus")
        assert "can be read: FOCUS" in collector.check(setup)[0]

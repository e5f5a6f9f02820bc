"""A FOCUS export in S3: only what a manifest names is read, whole or not at all, and again when it was written anew."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from integrations.aws_cost import collector
from integrations.aws_cost.account import account
from integrations.aws_cost.api import Aws
from integrations.aws_cost.exports import Bucket
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Setup
from tests.integrations.aws_cost.cloud import BUCKET, FOLDER, KEYS, LOOPBACK, Cloud, month, packed
from tests.integrations.aws_cost.reading import BEGAN, pulled

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def test_every_file_a_manifest_names_comes_newest_month_first(cloud: Cloud) -> None:
    cloud.write("2026-09", [month("2026-09")])
    cloud.write("2026-10", [month("2026-10"), month("2026-10", 2)], [month("2026-10", 3)], [])
    found = pulled(cloud.setup())
    assert list(found.parts) == ["2026-10", "2026-09"]
    assert found.billed("2026-10") == ["1.5", "2", "3"]
    assert (found.trouble, set(found.cursor["export"])) == (None, {"2026-09", "2026-10"})


def test_a_period_comes_again_only_when_its_manifest_was_written_anew(
    cloud: Cloud, clock: time_machine.Traveller
) -> None:
    """Files that are overwritten keep their names, and so a manifest may say what it said before."""
    cloud.write("2026-09", [month("2026-09")])
    cloud.write("2026-10", [month("2026-10")])
    cursor = pulled(cloud.setup()).cursor
    assert pulled(cloud.setup(), cursor).parts == {}
    clock.shift(DAY)
    cloud.write("2026-09", [month("2026-09", 9)])
    again = pulled(cloud.setup(), cursor)
    assert {part: again.billed(part) for part in again.parts} == {"2026-09": ["9"]}


def test_of_versions_side_by_side_the_newest_manifest_counts(cloud: Cloud, clock: time_machine.Traveller) -> None:
    cloud.write("2026-10", [month("2026-10", 1)], [month("2026-10", 1)], version="20261102-a")
    clock.shift(DAY)
    cloud.write("2026-10", [month("2026-10", 2)], version="20261101-z")
    assert pulled(cloud.setup()).billed("2026-10") == ["2"]


def test_a_manifest_that_names_no_file_takes_nothing_back(cloud: Cloud) -> None:
    cloud.write_manifest("2026-10", [])
    found = pulled(cloud.setup())
    assert (found.parts, found.trouble, list(found.cursor["export"])) == ({}, None, ["2026-10"])


def test_files_no_manifest_names_are_left_alone(cloud: Cloud) -> None:
    cloud.write("2026-10", [month("2026-10")])
    cloud.put(f"{FOLDER}/data/BILLING_PERIOD=2026-10/focus-00009.csv.gz", packed([month("2026-10", 9)]))
    cloud.put(f"{FOLDER}/metadata/BILLING_PERIOD=2026-10/focus-Metadata.json", b"{}")
    assert pulled(cloud.setup()).billed("2026-10") == ["1.5"]


def test_files_may_be_named_by_their_key_alone(cloud: Cloud) -> None:
    keys = cloud.write_files("2026-10", [month("2026-10")])
    cloud.put(f"{FOLDER}/metadata/billing_period=2026-10/m-manifest.json", json.dumps({"dataFiles": keys}).encode())
    assert pulled(cloud.setup()).billed("2026-10") == ["1.5"]


def test_months_before_the_first_day_are_not_read(cloud: Cloud) -> None:
    for period in ("2026-07", "2026-08"):
        cloud.write(period, [month(period)])
    assert list(pulled(cloud.setup(), since=BEGAN + 20 * DAY).parts) == ["2026-08"]


def test_a_version_that_is_being_written_is_waited_for_and_the_others_come(
    cloud: Cloud, clock: time_machine.Traveller
) -> None:
    cloud.write("2026-09", [month("2026-09")])
    cloud.write("2026-10", [month("2026-10")], [month("2026-10")])
    clock.shift(DAY)
    cloud.write_files("2026-10", [month("2026-10", 7)])
    found = pulled(cloud.setup())
    assert list(found.parts) == ["2026-09"]
    assert isinstance(found.trouble, Unavailable)
    assert (found.trouble.message, found.trouble.retry_after) == ("AWS writes the export of 2026-10 just now.", 900)
    cloud.write("2026-10", [month("2026-10", 7)], [])
    assert pulled(cloud.setup(), found.cursor).billed("2026-10") == ["7"]


def test_a_manifest_whose_file_is_missing_waits_and_after_days_is_for_a_person(
    cloud: Cloud, clock: time_machine.Traveller
) -> None:
    cloud.write("2026-09", [month("2026-09")])
    (key,) = cloud.write_files("2026-10", [month("2026-10")])
    cloud.write_manifest("2026-10", [key])
    cloud.s3.delete_object(Bucket=BUCKET, Key=key)
    assert isinstance(pulled(cloud.setup()).trouble, Unavailable)
    clock.shift(3 * DAY)
    found = pulled(cloud.setup())
    assert isinstance(found.trouble, Rejected) and key in str(found.trouble)
    assert list(found.parts) == ["2026-09"]


def test_an_export_written_anew_while_it_is_read_counts_for_nothing(cloud: Cloud) -> None:
    cloud.write("2026-10", [month("2026-10")], [month("2026-10", 2)])
    for meddle in (
        lambda: cloud.write("2026-10", [month("2026-10", 5)], [month("2026-10", 6)]),
        lambda: cloud.write("2026-10", [month("2026-10", 5)]),
        lambda: cloud.write_manifest("2026-10", []),
    ):
        steps = collector.pull(cloud.setup(), {}, BEGAN)
        page = next(steps)
        assert page.charges is not None
        meddle()
        with pytest.raises(Unavailable, match="AWS writes"):
            list(page.charges.rows)


def test_a_fetched_file_is_gone_when_the_next_is_asked_for(cloud: Cloud) -> None:
    cloud.write("2026-10", [month("2026-10")], [month("2026-10", 2)])
    steps = collector.pull(cloud.setup(), {}, BEGAN)
    page = next(steps)
    assert page.charges is not None
    seen: list[Path] = []
    for each in page.charges.rows:
        assert not any(path.exists() for path in seen)
        seen += [each] if isinstance(each, Path) else []
    assert [path.name for path in seen] == ["focus-00001.csv.gz", "focus-00002.csv.gz"]
    assert not any(path.exists() for path in seen)


def test_parquet_is_for_a_person_and_says_what_to_do(cloud: Cloud) -> None:
    cloud.write_manifest("2026-10", ["data/focus-00001.snappy.parquet"])
    found = pulled(cloud.setup())
    assert isinstance(found.trouble, Rejected) and "gzip and csv" in found.trouble.remedy


@pytest.mark.parametrize("content", [b"", b"[]", b'{"dataFiles": null}', b"{", b"\xff"])
def test_a_manifest_that_names_nothing_is_for_a_person(cloud: Cloud, content: bytes) -> None:
    cloud.put(f"{FOLDER}/metadata/BILLING_PERIOD=2026-10/focus-Manifest.json", content)
    trouble = pulled(cloud.setup()).trouble
    assert isinstance(trouble, Rejected) and "names no files" in str(trouble)


def test_a_manifest_that_leads_to_another_bucket_is_not_followed(cloud: Cloud) -> None:
    content = json.dumps({"dataFiles": ["s3://other/focus.csv.gz"]}).encode()
    cloud.put(f"{FOLDER}/metadata/BILLING_PERIOD=2026-10/focus-Manifest.json", content)
    trouble = pulled(cloud.setup()).trouble
    assert isinstance(trouble, Rejected) and "leads to the bucket other" in str(trouble)


def listing(*keys: str, following: str = "") -> Response:
    found = "".join(
        f"<Contents><Key>{FOLDER}/metadata/{key}</Key><LastModified>2026-11-04T00:00:00Z</LastModified>"
        '<ETag>"e"</ETag><Size>2</Size></Contents>'
        for key in keys
    )
    token = f"<NextContinuationToken>{following}</NextContinuationToken>" if following else ""
    more = f"<IsTruncated>{str(bool(following)).lower()}</IsTruncated>{token}"
    return Response(f"<ListBucketResult>{more}{found}</ListBucketResult>", content_type="application/xml")


def test_listings_are_followed_through_an_empty_page_in_the_middle(httpserver: HTTPServer) -> None:
    asked = answering(
        httpserver,
        listing("BILLING_PERIOD=2026-09/a-Manifest.json", "BILLING_PERIOD=2026-09/other.txt", following="1"),
        listing(following="2"),
        listing("BILLING_PERIOD=2026-10/v1/a-Manifest.json"),
    )
    setup = standing_in(httpserver)
    here = account(setup.settings)
    with Aws(here, setup) as aws:
        assert sorted(Bucket(aws, here).manifests()) == ["2026-09", "2026-10"]
    assert [each.args.get("continuation-token") for each in asked] == [None, "1", "2"]


def test_from_any_page_on_the_rest_is_found(cloud: Cloud) -> None:
    periods = ("2026-08", "2026-09", "2026-10", "2026-11")
    for period in periods:
        cloud.write(period, [month(period)])
    for pages in range(1, len(periods) + 1):
        first = pulled(cloud.setup(), pages=pages)
        rest = pulled(cloud.setup(), first.cursor)
        assert sorted([*first.parts, *rest.parts]) == list(periods)
        assert len(first.parts) == pages


def test_budgets_somebody_named_come_for_the_period_under_way(cloud: Cloud) -> None:
    cloud.budget("ml training")
    cloud.budget("ml-quarter", "90000.5", "QUARTERLY")
    cloud.budget("everything", "1")
    named = ["ml training purpose:training", "ml-quarter workspace"]
    told = [each.values for each in pulled(cloud.setup(export="", budgets=named)).facts]
    assert [{name: value for name, value in each.items() if name != "updated_at"} for each in told] == [
        {
            "external_id": "budget/ml training/2026-11",
            "scope": "purpose:training",
            "period": "2026-11",
            "amount": "5000",
            "currency": "USD",
        },
        {
            "external_id": "budget/ml-quarter/2026-Q4",
            "scope": "workspace",
            "period": "2026-Q4",
            "amount": "90000.5",
            "currency": "USD",
        },
    ]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ({}, "AWS has no budget 'ml'"),
        ({"unit": "ANNUALLY"}, "neither monthly nor quarterly"),
        ({"BudgetType": "USAGE"}, "not one of cost"),
    ],
)
def test_a_budget_that_cannot_be_one_here_is_for_a_person_and_keeps_no_cost_away(
    cloud: Cloud, made: dict[str, str], words: str
) -> None:
    cloud.write("2026-10", [month("2026-10")])
    cloud.budget("ml" if made else "other", **made)
    found = pulled(cloud.setup(budgets=["ml workspace"]))
    assert isinstance(found.trouble, Rejected) and words in str(found.trouble)
    assert list(found.parts) == ["2026-10"]


def test_a_check_reads_a_little_of_everything(cloud: Cloud) -> None:
    cloud.write("2026-10", [month("2026-10")], [month("2026-10")])
    cloud.budget("ml")
    said = collector.check(cloud.setup(budgets=["ml team:search"]))
    assert said == (
        f"The export s3://{BUCKET}/{FOLDER} can be read; 2026-10 is whole, in 2 files of 0.0 MB.",
        "The budget ml is 5000 USD a month for team:search.",
    )


def test_a_preview_tells_the_periods_of_the_export(cloud: Cloud) -> None:
    for period in ("2026-07", "2026-09", "2026-10"):
        cloud.write(period, [month(period)])
    assert collector.discover(cloud.setup(), BEGAN).lines == (
        "2 billing periods, 2026-09 to 2026-10.",
        "2026-10 was written 04 Nov 2026, 12:00 UTC, in 1 file of 0.0 MB.",
    )


def test_an_export_of_something_else_fails_the_check(cloud: Cloud) -> None:
    with pytest.raises(Rejected, match=f"no export in s3://{BUCKET}"):
        collector.check(cloud.setup())
    (key,) = cloud.write_files("2026-10", [])
    cloud.put(key, b"\x1f\x8bno gzip after all")
    cloud.write_manifest("2026-10", [key])
    with pytest.raises(Rejected, match="no column BilledCost, BillingPeriodStart, ChargePeriodStart"):
        collector.check(cloud.setup())
    cloud.put(key, packed([], header=["line_item_usage_account_id", "BilledCost"]))
    cloud.write_manifest("2026-10", [key])
    with pytest.raises(Rejected, match="no column BillingPeriodStart, ChargePeriodStart") as caught:
        collector.check(cloud.setup())
    assert "FOCUS" in caught.value.remedy


def test_a_bucket_that_is_not_there_is_for_a_person(cloud: Cloud) -> None:
    with pytest.raises(Rejected, match="AWS does not find s3://nowhere/focus"):
        collector.check(cloud.setup(export="s3://nowhere/focus"))


def answering(server: HTTPServer, *answers: Response) -> list[Request]:
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        asked.append(request)
        return answers[min(len(asked), len(answers)) - 1]

    server.expect_request("/" + BUCKET).respond_with_handler(answer)
    return asked


def standing_in(server: HTTPServer, **changes: str) -> Setup:
    settings = {"export": f"s3://{BUCKET}/{FOLDER}", "endpoint_url": server.url_for("").rstrip("/")}
    return Setup("aws_cost", settings | changes, KEYS, LOOPBACK)


def error(status: int, code: str, **headers: str) -> Response:
    body = f"<Error><Code>{code}</Code><Message>s3cret words.</Message></Error>"
    return Response(body, status, content_type="application/xml", headers=headers)


@pytest.mark.parametrize(
    ("status", "code", "words", "remedy"),
    [
        (403, "InvalidAccessKeyId", "does not accept the key", "new access key"),
        (403, "SignatureDoesNotMatch", "does not accept the key", "new access key"),
        (400, "ExpiredToken", "does not accept the key", "new access key"),
        (403, "AccessDenied", "does not let the key read s3://acme-costs", "permissions"),
        (404, "NoSuchBucket", "does not find s3://acme-costs", "name and the region"),
        (403, "RequestTimeTooSkewed", "clock of this machine", "Set the clock"),
        (400, "Odd", "AWS answers Odd when asked for s3://acme-costs", "set-up"),
    ],
)
def test_a_refusal_is_for_a_person_and_says_what_to_do(
    httpserver: HTTPServer, status: int, code: str, words: str, remedy: str
) -> None:
    asked = answering(httpserver, error(status, code))
    with pytest.raises(Rejected, match=words) as caught:
        collector.check(standing_in(httpserver))
    assert remedy in caught.value.remedy
    assert len(asked) == 1
    assert KEYS["secret_access_key"] not in caught.value.remedy


def test_a_wish_to_wait_is_heard_and_never_pressed(httpserver: HTTPServer) -> None:
    asked = answering(httpserver, error(429, "TooManyRequests", **{"Retry-After": "1800"}))
    with pytest.raises(Unavailable, match="asks to wait") as caught:
        collector.check(standing_in(httpserver))
    assert (len(asked), caught.value.retry_after) == (1, 1800)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_trouble_that_passes_is_asked_through_and_one_that_stays_is_told(httpserver: HTTPServer, status: int) -> None:
    listing = Response("<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")
    answering(httpserver, error(status, "SlowDown"), listing)
    with pytest.raises(Rejected, match="There is no export"):
        collector.check(standing_in(httpserver))
    httpserver.clear()
    answering(httpserver, error(status, "SlowDown"))
    with pytest.raises(Unavailable, match=f"answers {status}"):
        collector.check(standing_in(httpserver))


def test_an_answer_that_makes_no_sense_is_told(httpserver: HTTPServer) -> None:
    answering(httpserver, Response("<html>a proxy's page", content_type="text/html"))
    assert isinstance(pulled(standing_in(httpserver)).trouble, Unavailable)


def test_private_addresses_are_refused_unless_they_are_allowed(httpserver: HTTPServer) -> None:
    setup = standing_in(httpserver)
    with pytest.raises(Rejected, match="private network"):
        collector.check(Setup(setup.source, setup.settings, KEYS))


def test_without_a_key_or_a_role_a_person_must_act(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    setup = standing_in(httpserver)
    with pytest.raises(Rejected, match="No key and no role"):
        collector.check(Setup(setup.source, setup.settings, {}, LOOPBACK))
    for name in KEYS:
        with pytest.raises(Rejected, match="Only half of an access key"):
            collector.check(Setup(setup.source, setup.settings, {name: KEYS[name]}, LOOPBACK))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "Nothing is named"),
        ({"export": "https://acme-costs/focus"}, "no export in S3"),
        ({"export": "s3://acme-costs"}, "no export in S3"),
        ({"export": "s3://acme-costs/focus", "explorer": "yes"}, "count twice"),
        ({"explorer": "perhaps"}, "neither yes nor no"),
        ({"explorer": "yes", "region": "Frankfurt"}, "no region"),
        ({"budgets": ["ml"]}, "no budget and its scope"),
        ({"budgets": ["ml region:eu"]}, "no budget and its scope"),
    ],
)
def test_settings_that_make_no_sense_are_named(settings: dict[str, object], words: str) -> None:
    with pytest.raises(Rejected, match=words):
        account(settings)


def test_an_export_may_be_named_by_one_of_its_folders() -> None:
    for address in ("s3://b-1/a/focus", "s3://b-1/a/focus/", "s3://b-1/a/focus/data", "s3://b-1/a/focus/metadata/"):
        assert account({"export": address}).export == "s3://b-1/a/focus"

"""A real Prometheus with a history made by promtool: what it answers is read as it was."""

import json
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine, select

from integrations.prometheus import MANIFEST, collector
from ops_console.contracts.integration import Rejected
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.contracts.sources import Setup
from ops_console.core.db import reading, transaction
from ops_console.core.settings import Settings
from ops_console.ingest import sources, sync
from ops_console.records.slos import SliSlice, Slo
from tests.conftest import skip_or_fail
from tests.integrations.prometheus.watchtower import LOOPBACK, ratio
from tests.servers.loopback import free_port, wait

BINARY, TOOL = shutil.which("prometheus"), shutil.which("promtool")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HOURS = 60
GAP = range(20, 24)
"""Hours in which the scraper stood still."""
HALF = 30
"""An hour of which only the first half was seen."""
RESET = 40
"""An hour in the middle of which the service began anew."""
PER_MINUTE = {"200": 97, "500": 3}

pytestmark = pytest.mark.servers


def began() -> datetime:
    """So long ago that the newest two hours have no data: Prometheus would take them for its own."""
    now = datetime.now(UTC)
    return now.replace(minute=0, second=0, microsecond=0) - (HOURS + 3) * HOUR


def history(start: datetime) -> str:
    """Two services seen every minute; the second never failed, so that nobody ever counted a failure of it."""
    lines = ["# TYPE requests counter"]
    for service, codes in (("ranker", PER_MINUTE), ("embed", {"200": 10})):
        for code, rate in codes.items():
            count = 0
            for minute in range(HOURS * 60 + 1):
                hour = minute // 60
                count = 0 if (hour, minute % 60) == (RESET, 30) and service == "ranker" else count + rate
                was_seen = hour not in GAP and not (hour == HALF and minute % 60 > 30)
                if was_seen or service == "embed":
                    at = int((start + minute * MINUTE).timestamp())
                    lines.append(f'requests_total{{code="{code}",service="{service}"}} {count} {at}')
    return "\n".join([*lines, "# EOF", ""])


def rules() -> dict[str, Any]:
    """As sloth and Pyrra write them."""
    sloth = {"sloth_id": "ranker-requests", "sloth_service": "ranker", "sloth_slo": "requests"}
    bad, total = (f'sum(rate(requests_total{{{each}service="embed"}}[5m]))' for each in ('code=~"5..",', ""))
    said = [
        ("slo:sli_error:ratio_rate5m", f"\n{ratio('ranker')}\n", {**sloth, "sloth_window": "5m"}),
        ("slo:sli_error:ratio_rate1h", ratio("ranker", "1h"), {**sloth, "sloth_window": "1h"}),
        ("slo:objective:ratio", "vector(0.9690000000000001)", sloth),
        ("slo:time_period:days", "vector(30)", sloth),
        ("requests:burnrate5m", f"{bad} / {total}", {"slo": "embed-up", "service": "embed"}),
        ("pyrra_objective", "0.99", {"slo": "embed-up"}),
        ("pyrra_window", "2419200", {"slo": "embed-up"}),
    ]
    listed = [{"record": name, "expr": query, "labels": labels} for name, query, labels in said]
    return {"groups": [{"name": "slos", "interval": "1h", "rules": listed}]}


@pytest.fixture(scope="module")
def start() -> datetime:
    return began()


@pytest.fixture(scope="module")
def prometheus(start: datetime, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if BINARY is None or TOOL is None:
        skip_or_fail("servers", "no Prometheus: install the Debian package prometheus")
    folder = tmp_path_factory.mktemp("prometheus")
    (folder / "history.om").write_text(history(start))
    made = [TOOL, "tsdb", "create-blocks-from", "openmetrics", folder / "history.om", folder / "data"]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    (folder / "rules.yml").write_text(yaml.safe_dump(rules()))
    (folder / "prometheus.yml").write_text(yaml.safe_dump({"rule_files": [str(folder / "rules.yml")]}))
    port = free_port()
    where = (f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}")
    more = (f"--web.listen-address=127.0.0.1:{port}", "--storage.tsdb.retention.time=10d", "--query.max-samples=500")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([BINARY, *where, *more], stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        try:
            wait(lambda: _has_rules(address))
            yield address
        finally:
            process.terminate()
            process.wait()


def setup_of(address: str, **changes: Any) -> Setup:
    return Setup("prometheus", {"api_url": address, "slos": [], **changes}, {}, LOOPBACK)


def slices_of(address: str, start: datetime, **changes: Any) -> dict[tuple[str, int], dict[str, Any]]:
    """By objective and hour of the history."""
    found = {}
    for page in collector.pull(setup_of(address, **changes), {}, start):
        for told in page.facts:
            if told.kind == "sli_slices":
                hour = (datetime.fromisoformat(told.values["started_at"]) - start) // HOUR
                found[told.values["slo"], hour] = dict(told.values)
    return found


def test_every_hour_is_read_as_it_was(prometheus: str, start: datetime) -> None:
    found = slices_of(prometheus, start)
    whole = {"total": "6000", "good": "5820", "covered_seconds": "3600"}
    for hour in (1, 10, 19, 50, HOURS - 1):
        assert {name: found["ranker-requests", hour][name] for name in whole} == whole


def test_a_scraper_that_stopped_leaves_a_gap(prometheus: str, start: datetime) -> None:
    found = slices_of(prometheus, start)
    seen = {hour for name, hour in found if name == "ranker-requests"}
    assert not seen & set(GAP) and not seen & set(range(HOURS, HOURS + 3))
    half = found["ranker-requests", HALF]
    assert 1500 <= float(half["covered_seconds"]) <= 2100
    assert half["total"] == "6000"  # the counter went on counting


def test_a_counter_that_began_anew_loses_next_to_nothing(prometheus: str, start: datetime) -> None:
    told = slices_of(prometheus, start)["ranker-requests", RESET]
    assert 0.97 * 6000 <= float(told["total"]) <= 6000
    assert abs(float(told["good"]) / float(told["total"]) - 0.97) < 0.001


def test_what_never_failed_is_good_and_not_unknown(prometheus: str, start: datetime) -> None:
    found = slices_of(prometheus, start)
    told = [each for (name, _), each in found.items() if name == "embed-up"]
    assert len(told) >= HOURS - 1
    assert all(each["good"] == each["total"] for each in told)


def test_a_dead_target_is_a_gap_even_where_somebody_wrote_a_zero_for_it(prometheus: str, start: datetime) -> None:
    bad, total = (f'sum(rate(requests_total{{{each}service="ranker"}}[5m]))' for each in ('code=~"5..",', ""))
    invented = f"({bad} or vector(0)) / ({total} or on() vector(0))"
    found = slices_of(prometheus, start, slos=[f"invented ranker 99 {invented}"])
    mine, theirs = ({hour for name, hour in found if name == each} for each in ("invented", "ranker-requests"))
    assert mine == theirs


def test_good_events_and_ratios_without_counts_are_read(prometheus: str, start: datetime) -> None:
    good, total = 'requests_total{code="200",service="ranker"}', 'requests_total{service="ranker"}'
    lines = [
        f"turned ranker 99 1 - (sum(increase({good}[10m])) / sum(increase({total}[10m])))",
        f"missing ranker 99 1 - sum(rate(nothing[5m])) / sum(rate({total}[5m]))",
        f"uncounted ranker 99 clamp_max(sum(rate({good}[5m])) / sum(rate({total}[5m])), 1) - 0.95",
    ]
    found = slices_of(prometheus, start, slos=lines)
    assert found["turned", 10]["total"] == "6000" and found["turned", 10]["good"] == "5820"
    assert not [hour for name, hour in found if name == "missing"]
    told = found["uncounted", 10]
    assert (told["total"], told["covered_seconds"], float(told["good"])) == ("3600", "3600", pytest.approx(3528))


def test_a_server_with_little_memory_is_asked_for_less_at_once(prometheus: str, start: datetime) -> None:
    asked = [page.cursor["hours"] for page in collector.pull(setup_of(prometheus), {}, start)]
    assert min(asked) < 60


def test_an_expression_that_is_none_is_refused_in_its_own_words(prometheus: str) -> None:
    with pytest.raises(Rejected, match=r"answers 400 when asked for all events of broken \(.*parse error"):
        collector.check(setup_of(prometheus, slos=["broken ranker 99 sum(rate(a[5m]) / sum(rate(b[5m]))"]))


def test_check_and_preview_say_what_is_there(prometheus: str, start: datetime) -> None:
    checked = collector.check(setup_of(prometheus))
    assert checked[0] == "Objectives can be read: 1 of Pyrra, 1 of sloth."
    found = collector.discover(setup_of(prometheus), start - timedelta(days=20))
    assert "Prometheus keeps 10 days; what is read before that stays here." in found.lines
    assert {each.name: each.count for each in found.questions[0].found}["embed-up"] in (2, 3)


def test_records_hold_what_the_server_said(prometheus: str, start: datetime, sqlite: Engine) -> None:
    office = Office(
        sqlite,
        Parts({"prometheus": MANIFEST}, collectors={"prometheus": collector}),
        Settings(private_addresses="127.0.0.0/8,::1/128"),
    )
    with transaction(sqlite) as session:
        made = sources.add(session, MANIFEST, "prometheus", {"api_url": prometheus}, {}, start, "ana")
    number = made.id or 0
    for _ in range(2):
        run = sync.sync(office, number, "test")
        assert (run.state, run.refused) == ("done", 0)
    with reading(sqlite) as session:
        slos = {each.external_id: each for each in session.scalars(select(Slo))}
        kept = session.scalars(select(SliSlice).where(SliSlice.slo_id == slos["ranker-requests"].id)).all()
    assert slos["ranker-requests"].objective_ppm == 969_000 and slos["ranker-requests"].window == "30d"
    assert slos["embed-up"].objective_ppm == 990_000 and slos["embed-up"].window == "28d"
    assert len(kept) in (HOURS - len(GAP), HOURS - len(GAP) + 1)
    assert sum(each.total_micro for each in kept) > 50 * 6000 * 1_000_000


def _has_rules(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/api/v1/rules") as answer:
            return bool(json.loads(answer.read())["data"]["groups"])
    except (urllib.error.URLError, ConnectionError):
        return False

"""A snapshot is everything a report says; what was frozen proves itself."""

import json

import pytest

from ops_console.measures.readings import Status
from ops_console.reporting.freezing import canonical, digest
from ops_console.reporting.snapshot import Tampered, from_data, of_run
from tests.reporting import snapshots
from tests.reporting.posting import run


def test_a_snapshot_comes_back_whole() -> None:
    data = snapshots.october(note="A calm month.").as_data()
    back = from_data(json.loads(canonical(data)))
    assert back.as_data() == data
    assert back.facts.note == "A calm month."
    assert back.evidence == snapshots.EVIDENCE


def test_a_run_whose_figures_were_touched_is_refused() -> None:
    data = snapshots.october().as_data()
    stored = run(snapshot=data, snapshot_hash=digest(data))
    assert of_run(stored).facts.period == "2026-10"
    data["readings"][0]["value"] = 99.0
    with pytest.raises(Tampered, match="not those that were frozen"):
        of_run(stored)


def test_a_verdict_rests_on_tier_1_where_all_models_have_no_target() -> None:
    everything = snapshots.quiet("mttr", target=None, status=Status.NONE)
    tier_1 = snapshots.off("mttr", scope=snapshots.TIER_1)
    snapshot = snapshots.snapshot(everything, tier_1=(tier_1,))
    assert tier_1 in snapshot.judged
    assert everything in snapshot.readings and everything not in snapshot.judged


def test_a_target_of_all_models_needs_no_tier() -> None:
    snapshot = snapshots.snapshot(tier_1=(snapshots.off("mttr", scope=snapshots.TIER_1),))
    assert snapshot.judged == snapshot.readings

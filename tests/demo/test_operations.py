"""The demo's on-call, pipelines, quality and team tell a story worth reading: mostly well, with something to mend."""

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise
from statistics import fmean

import pytest

from ops_console.contracts.vocabulary import MODEL_CARD_FIELDS, AlertClass, CheckOutcome, FindingKind
from ops_console.demo import company, governance, oncall, steps, team
from ops_console.demo.company import CAST
from tests.demo.stories import ANCHOR, facts, story

pytestmark = pytest.mark.xdist_group("story")
TOLD = story()


class TestOnCall:
    def test_somebody_is_on_call_at_every_moment_and_nobody_twice(self) -> None:
        shifts = sorted(facts(TOLD, "shifts"), key=lambda shift: shift.started_at)
        assert all(before.ended_at == after.started_at for before, after in pairwise(shifts))

    def test_a_shift_in_the_week_the_clocks_change_is_an_hour_longer_or_shorter(self) -> None:
        lengths = {shift.ended_at - shift.started_at for shift in facts(TOLD, "shifts")}
        assert lengths == {timedelta(hours=hours) for hours in (11, 12, 13)}

    def test_a_page_reaches_who_is_on_call(self) -> None:
        shifts = facts(TOLD, "shifts")
        page = next(alert for alert in facts(TOLD, "alerts") if alert.person)
        mine = [shift for shift in shifts if shift.started_at <= page.notified_at < shift.ended_at]
        assert [shift.person for shift in mine] == [page.person]

    def test_tickets_wake_nobody(self) -> None:
        tickets = [alert for alert in facts(TOLD, "alerts") if getattr(alert, "class") is AlertClass.TICKET]
        assert tickets and all(ticket.notified_at is None for ticket in tickets)

    def test_some_pages_are_noise_and_some_nobody_judged(self) -> None:
        noise = [alert for alert in facts(TOLD, "alerts") if alert.name in oncall.NOISY_ALERTS]
        assert {alert.actionable for alert in noise} == {None, True, False}

    def test_the_bad_month_pages_more_than_any_other(self) -> None:
        months = Counter(
            month.label for month in TOLD.months() for each in facts(TOLD, "alerts") if month.contains(each.started_at)
        )
        assert months.most_common(1)[0][0] == TOLD.bad_month.label


class TestPipelines:
    def test_a_failed_run_is_run_again_under_the_same_name_and_passes(self) -> None:
        attempts = defaultdict(list)
        for run in facts(TOLD, "pipeline_runs"):
            attempts[run.run].append(run.attempt)
        assert [1, 2] in attempts.values()

    def test_every_check_belongs_to_a_run(self) -> None:
        runs = {run.external_id for run in facts(TOLD, "pipeline_runs")}
        assert {check.pipeline_run for check in facts(TOLD, "quality_checks")} <= runs

    def test_few_checks_fail(self) -> None:
        outcomes = Counter(check.outcome for check in facts(TOLD, "quality_checks"))
        assert 0 < outcomes[CheckOutcome.FAILED] / outcomes.total() < 0.05

    def test_steps_are_by_hand_or_automated_from_the_start_or_since_a_day_between(self) -> None:
        since = [step.automated_since for step in facts(TOLD, "steps")]
        assert None in since and TOLD.start in since
        assert any(at is not None and TOLD.start < at < ANCHOR for at in since)
        assert len(since) == len(CAST) * sum(map(len, steps.STEPS.values()))


class TestQuality:
    def test_drift_is_told_again_every_day_until_it_is_mended(self) -> None:
        told = Counter(each.external_id.rsplit("-", 1)[0] for each in facts(TOLD, "degradations"))
        assert max(told.values()) > 1

    def test_most_releases_are_evaluated_and_a_few_are_worse(self) -> None:
        evaluations = facts(TOLD, "evaluations")
        worse = [each for each in evaluations if each.value < each.baseline - each.threshold]
        assert 0 < len(worse) / len(evaluations) < 0.15


class TestGovernance:
    def test_one_model_has_no_card_and_one_half_a_card(self) -> None:
        cards = {card.model: set(card.fields_present) for card in facts(TOLD, "documents")}
        assert {member.slug for member in CAST} - cards.keys() == {governance.NO_CARD}
        tiers = {member.slug: member.tier for member in CAST}
        lacking = {slug for slug, present in cards.items() if not MODEL_CARD_FIELDS[tiers[slug]] <= present}
        assert lacking == {governance.HALF_A_CARD}

    def test_exceptions_are_open_and_fixed_and_so_are_vulnerabilities(self) -> None:
        seen = {(finding.kind, finding.fixed_at is None) for finding in facts(TOLD, "findings")}
        assert {(FindingKind.EXCEPTION, True), (FindingKind.EXCEPTION, False)} <= seen
        assert (FindingKind.VULNERABILITY, False) in seen

    def test_ever_more_models_show_what_they_changed_and_no_month_is_out_of_line(self) -> None:
        """The share that business uplift shows: approved outcomes among the models of tiers 1 and 2."""
        counted = [member for member in CAST if member.tier < 3]
        told = Counter(outcome.period_end for outcome in facts(TOLD, "outcomes") if outcome.approved_by)
        shares = [told[month.last_day] / len(counted) for month in TOLD.months() if TOLD.has_passed(month.end)][:-1]
        assert min(shares) >= 0.2 and max(shares) <= 0.85
        assert max(abs(later - earlier) for earlier, later in pairwise(shares)) <= 0.26
        assert fmean(shares[-6:]) > fmean(shares[:6]) + 0.05

    def test_what_a_model_changed_is_its_own_and_measured_one_way(self) -> None:
        changes, methods = defaultdict(list), defaultdict(set)
        for outcome in facts(TOLD, "outcomes"):
            changes[outcome.model].append(float(outcome.observed / outcome.baseline - 1))
            methods[outcome.model].add(outcome.method)
        assert all(len(found) == 1 for found in methods.values())
        assert all(max(found) - min(found) < 0.05 for found in changes.values())
        assert len({round(fmean(found), 2) for found in changes.values()}) > 2

    def test_not_every_outcome_is_approved(self) -> None:
        assert {outcome.approved_by for outcome in facts(TOLD, "outcomes")} == {None, "Mara Penrose"}


class TestTeam:
    def test_no_person_outside_the_company_works_here(self) -> None:
        names = {each.person for kind in ("toil", "capacity", "skills", "shifts") for each in facts(TOLD, kind)}
        assert names == set(company.PEOPLE)

    def test_toil_grows_in_the_bad_month_and_stays_below_a_fifth_of_the_time_in_others(self) -> None:
        minutes: Counter[str] = Counter()
        for month in TOLD.months():
            minutes[month.label] = sum(
                each.minutes for each in facts(TOLD, "toil") if month.first_day <= each.date <= month.last_day
            )
        assert minutes.most_common(1)[0][0] == TOLD.bad_month.label

    def test_requests_are_standard_and_complex_answered_open_and_cancelled(self) -> None:
        requests = facts(TOLD, "requests")
        assert {getattr(each, "class").value for each in requests} == {"standard", "complex"}
        assert any(each.cancelled_at for each in requests)
        assert any(not each.first_usable_at and not each.cancelled_at for each in requests)

    def test_every_quarter_delivers_something_that_was_measured(self) -> None:
        measured = [each for each in facts(TOLD, "initiatives") if each.measured_at]
        assert len(measured) >= 10
        assert len(facts(TOLD, "positions")) == len(team.POSITIONS)

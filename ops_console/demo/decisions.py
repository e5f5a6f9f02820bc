"""Decisions that the platform team asked of others: some wait, one too long, and some were answered."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session

from ops_console.contracts.decisions import AskState
from ops_console.demo import company
from ops_console.demo.questions import EVERY, Told
from ops_console.demo.reviews import address
from ops_console.demo.story import Story
from ops_console.practices.asked_decisions import SUBJECT
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.decisions import AskedDecision


def tell(session: Session, story: Story) -> None:
    """What is not there yet, and answers that came since."""
    kept = {row.question: row for row in session.scalars(select(AskedDecision))}
    told: list[Decision] = []
    for each in EVERY:
        if _at(story, each.asked) <= story.until and each.question not in kept:
            kept[each.question] = _asked(session, story, each)
            told.append(_entry("asked", kept[each.question]))
        row = kept.get(each.question)
        if row is not None and row.state == AskState.ASKED and _at(story, each.answered) <= story.until:
            row.state, row.answer, row.closed_at = each.state.value, each.answer, _at(story, each.answered)
            told.append(_entry(each.state.value, row))
    if told:
        session.flush()
        audit.record(session, *told)


def _asked(session: Session, story: Story, told: Told) -> AskedDecision:
    row = AskedDecision(
        question=told.question,
        why=told.why,
        owner=told.owner,
        due_on=_at(story, told.due).astimezone(story.zone).date(),
        state=AskState.ASKED.value,
        made_by=address(company.LEAD),
        made_at=_at(story, told.asked),
    )
    session.add(row)
    session.flush()
    return row


def _at(story: Story, days: int) -> datetime:
    return story.anchor + timedelta(days=days)


def _entry(did: str, row: AskedDecision) -> Decision:
    return Decision(did, SUBJECT, audit.number(row), row.made_by, after=audit.plain(row))

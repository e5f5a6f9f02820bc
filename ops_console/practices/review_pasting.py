"""A document written elsewhere comes in: each of its sections finds a part, or becomes one."""

from sqlmodel import Session

from ops_console.practices.review_markdown import parts_of
from ops_console.practices.review_writing import Written, add_part, save, sections
from ops_console.records import audit
from ops_console.records.reviews import IncidentReview


def paste(session: Session, review: IncidentReview, text: str, by: str) -> int:
    """Below what stands there already; returns how many parts changed. The same text twice changes nothing."""
    kept = sections(session, audit.number(review))
    by_key = {section.key: section for section in kept} | {f"# {section.title}": section for section in kept}
    written, added = {}, 0
    for key, said in parts_of(text).items():
        section = by_key.get(key)
        if section is None:
            add_part(session, review, key.removeprefix("# ")[:300], by, said)
            added += 1
        elif said not in section.text:
            below = f"{section.text}\n\n{said}" if section.text else said
            written[section.key] = Written(below, section.revision)
    save(session, review, written, by)
    return added + len(written)

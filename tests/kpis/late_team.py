"""What is heard late of the team and of those it serves, by KPI."""

from typing import Any

from tests.kpis.late import Told, told

ASKED = {"title": "Feature", "class": "standard", "team": "Search", "submitted_at": "2026-03-02T09:00:00Z"}
STAFF = ("Ada", "Ben", "Cy")
DAYS = tuple(enumerate(zip(STAFF, (1, 2, 3), strict=True)))


def _worked(name: str, day: str, minutes: int) -> Told:
    row = {"person": name, "date": day, "minutes": minutes, "category": "data fixes"}
    return "toil", {"external_id": f"{name}-{day}", **row}


def _has(name: str, first: str, last: str, hours: int) -> Told:
    row = {"person": name, "starts_on": first, "ends_on": last, "hours": hours}
    return "capacity", {"external_id": f"{name}-{first}", **row}


def _on_call(name: str, day: str, number: int, **more: Any) -> Told:
    row = {"schedule": "primary", "person": name, "started_at": f"{day}T08:00:00Z", "ended_at": f"{day}T20:00:00Z"}
    return "shifts", {"external_id": f"{day}-{number}", **row, **more}


def _paged(name: str, when: str, **more: Any) -> Told:
    return "alerts", {"external_id": when, "name": "p99", "class": "page", "person": name, "started_at": when, **more}


LATE: dict[str, list[Told]] = {
    "stakeholder_cycle_time": [
        told("requests", 1, **ASKED),
        told("requests", 2, **ASKED),
        told("requests", 3, **ASKED, cancelled_at="2026-04-01T09:00:00Z"),
        told("requests", 1, **ASKED, first_usable_at="2026-05-20T09:00:00Z"),
        told("requests", 2, **ASKED, done_at="2026-08-20T09:00:00Z"),
        told("requests", 1, **ASKED | {"class": "complex"}, first_usable_at="2026-05-20T09:00:00Z"),
        told("requests", 2, **ASKED, first_usable_at="2026-06-20T09:00:00Z", done_at="2026-08-20T09:00:00Z"),
        told("requests", 2, **ASKED, deleted=True),
    ],
    "toil": [
        *(_worked(name, "2026-05-08", 300) for name in STAFF),
        *(_worked(name, "2026-08-14", 120) for name in STAFF),
        *(_has(name, "2026-04-01", "2026-09-30", 900) for name in STAFF),
        _has("Dee", "2026-04-01", "2026-09-30", 900),
        _has("Eve", "2026-08-01", "2026-08-31", 150),
        told("people", 1, name="Dee", active_to="2026-06-30"),
        told("people", 2, name="Ada", team="Search"),
        _worked("Ada", "2026-05-08", 30),
        _has("Ben", "2026-04-01", "2026-06-30", 300),
        _worked("Eve", "2026-08-20", 0),
        told("people", 1, name="Dee", active_to="2026-12-31"),
    ],
    "team_health": [
        *(_on_call(name, f"2026-{month}-0{day}", place) for month in ("05", "06", "09") for place, (name, day) in DAYS),
        *(_paged("Ada", f"2026-05-01T1{hour}:00:00Z") for hour in (0, 1, 2)),
        *(_paged("Ada", f"2026-06-01T1{hour}:00:00Z") for hour in (0, 1, 2)),
        told("people", 1, name="Ada", team="Search", time_zone="Asia/Kolkata"),
        told("alerts", 9, name="late", **{"class": "page"}, started_at="2026-05-02T03:00:00Z"),
        told("alerts", 9, name="late", **{"class": "page"}, started_at="2026-05-02T03:00:00Z", person="Ben"),
        _paged("Ada", "2026-05-01T12:00:00Z", deleted=True),
        _on_call("Dee", "2026-06-01", 9, override=True),
        told("people", 1, name="Ada", team="Risk", time_zone="Europe/London"),
    ],
}

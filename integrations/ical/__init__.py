"""iCalendar: who was on call, from the calendars in which it is planned."""

from ops_console.contracts.integration import Grade, Manifest
from ops_console.contracts.sources import Option, Secret

MANIFEST = Manifest(
    key="ical",
    title="iCalendar",
    roles=("collector", "reader"),
    settings=(),
    summary="On-call shifts from calendars at an address, or from a file of theirs.",
    facts=("shifts",),
    brings=(
        "Shifts that have ended: who was on call, in which schedule, from when to when.",
        "Recurring events with their exceptions, moved and cancelled ones, in the zone they were written in.",
        "One shift for each person who is invited, else for the one whom the title names.",
    ),
    options=(
        Option(
            "calendars",
            "Calendars",
            hint="One a line: the name of the schedule and the address, such as Search primary "
            "https://cal.example.com/search.ics",
            many=True,
        ),
        Option(
            "summary",
            "How events name the person",
            hint="Where nobody is invited: such as On call - * - {person}. Without it the whole title is the person; "
            "other titles are left out.",
        ),
        Option("zone", "Time zone", hint="Of events and calendars that name none, such as Europe/London."),
    ),
    secrets=(
        Secret("token", "Token", hint="Where a calendar asks for a bearer token; all of them then lie on one host."),
        Secret(
            "addresses",
            "Secret addresses",
            hint="Of calendars that whoever knows the address may read: lines as above, in a variable or a file.",
        ),
    ),
    permissions=("To read the calendars",),
    minutes=60,
    grade=Grade.GOLD,
    guide="https://www.rfc-editor.org/rfc/rfc5545",
)

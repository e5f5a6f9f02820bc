"""How figures, times and periods read. Pure functions from plain values to words, the same for every page and report.

At most three significant digits, except where a reader could count for himself: counts and money are whole and exact.
Rounding is half up, as readers do it by hand (2.5 reads 3), on decimals, so that 1.005 does not read 1.00 because of
how a computer keeps it. A value that is not zero never reads as zero, and a share below one never reads as 100%.
"""

from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import isfinite
from zoneinfo import ZoneInfo

from ops_console.core.periods import Grain, Period, parse

MINUS = "\N{MINUS SIGN}"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
MINUTE, HOUR, DAY = 60, 3600, 86400
_UTC = ZoneInfo("UTC")

Numeric = float | int | Decimal


def exact(x: Numeric) -> Decimal:
    """The decimal number a person would write: twelve digits of a float are data, the rest is its storage."""
    if not isfinite(x):
        raise ValueError(f"{x} is no figure; unknown values are None and have their own words")
    return Decimal(f"{x:.12g}") if isinstance(x, float) else Decimal(x)


def rounded(x: Numeric, places: int) -> Decimal:
    """Half up (away from zero) to a number of decimal places; negative places round to tens, hundreds…"""
    value = exact(x).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return value if value else abs(value)


def number(x: Numeric) -> str:
    """Three significant digits at most, thousands comma, no trailing zeros: 7.46, 12.5, 1,230."""
    value = exact(x)
    places = 2 - value.adjusted() if value else 0
    return _plain(rounded(value, places).normalize())


def count(n: Numeric) -> str:
    """A count as it can be checked by counting; a mean of counts as a number."""
    value = exact(n)
    return _plain(value.quantize(Decimal(1))) if value == value.to_integral_value() else number(value)


def counted(n: int, things: str) -> str:
    """So many things, which are named in the plural: `1 version`, `2 versions`."""
    return f"{n:,} {things}" if n != 1 else f"1 {_one(things)}"


def _one(things: str) -> str:
    if things == "people":
        return "person"
    return f"{things[:-3]}y" if things.endswith("ies") else things.removesuffix("s")


def fixed(x: Numeric, places: int) -> str:
    """A number with exactly so many decimals."""
    return _plain(rounded(x, places))


def signed(x: Numeric, text: str) -> str:
    """`text` (the words of the size of `x`) behind the sign of `x`."""
    x = exact(x)
    return f"{'+' if x > 0 else MINUS if x < 0 else ''}{text}"


def percent(share: Numeric, of: Numeric | None = None, k: Numeric | None = None) -> str:
    """A share 0–1 as a percentage, with its fraction where fewer than 100 cases stand behind it: 8.0%, 2 of 25."""
    text = bare_percent(share, places=0 if of is None or of < 100 else 1)
    if of is None or of >= 100:
        return text
    hits = rounded(exact(share) * exact(of), 0) if k is None else k
    return f"{text}, {count(hits)} of {count(of)}"


def bare_percent(share: Numeric, places: int = 0) -> str:
    """A percentage without its fraction: one decimal below 10%, `places` from there, none from 100%."""
    hundredths = exact(share) * 100
    size = abs(hundredths)
    if size in (0, 100):
        return f"{_plain(hundredths.quantize(Decimal(1)))}%"
    wanted = 1 if rounded(size, 1) < 10 else places if size < 100 else 0
    text = rounded(size, wanted)
    if not text:
        return f"{MINUS if hundredths < 0 else ''}<0.1%"
    if size < 100 and text >= 100:
        text = rounded(size, 1)
    return f"{MINUS if hundredths < 0 else ''}{'>99.9' if size < 100 <= text else f'{text:,}'}%"


def slo_percent(share: Numeric, objective: Numeric | None = None) -> str:
    """Two decimals, three where the objective is 99.95% or more; more where rounding would hide a miss."""
    value = exact(share) * 100
    goal = None if objective is None else exact(objective) * 100
    places = 3 if goal is not None and goal >= Decimal("99.95") else 2
    for more in range(places, 7):
        text = rounded(value, more)
        hides = (goal is not None and value < goal <= text) or value < 100 <= text
        if not hides:
            return f"{text}%"
    return f"{value.quantize(Decimal('0.000001'), ROUND_FLOOR)}%"


def plain_percent(share: Numeric) -> str:
    """A percentage somebody set, digit for digit: 99.9%, 80%."""
    return f"{_plain((exact(share) * 100).normalize())}%"


def duration(seconds: Numeric, like: Numeric | None = None) -> str:
    """Days with one decimal, or two units below one day: 8.5 days, 1 h 12 min, 47 min, 4 min 30 s.

    `like` names a duration whose unit to use, so that a change reads in the unit of what changed.
    """
    value = exact(seconds)
    size = abs(value)
    scale = max(size, abs(exact(like or 0))) if rounded(size / DAY, 1) else size
    text = _days(size) if rounded(scale / MINUTE, 0) >= 1440 else _below_a_day(size)
    return f"{MINUS if value < 0 else ''}{text}"


def _days(size: Decimal) -> str:
    days = size / DAY
    if days == days.to_integral_value():
        return f"{_plain(days.quantize(Decimal(1)))} {'day' if days == 1 else 'days'}"
    return f"{number(days) if days >= 100 else fixed(days, 1)} days"


def _below_a_day(size: Decimal) -> str:
    if not size:
        return "0 min"
    if size < 1:
        return f"{rounded(size, 1) or '<0.1'} s"
    seconds = int(rounded(size, 0))
    if seconds < 10 * MINUTE:
        return _two(seconds, MINUTE, "min", 1, "s")
    minutes = int(rounded(size / MINUTE, 0))
    return _two(minutes, 60, "h", 1, "min")


def _two(amount: int, large: int, name: str, small: int, small_name: str) -> str:
    whole, rest = divmod(amount, large)
    parts = [f"{whole} {name}"] * bool(whole) + [f"{rest // small} {small_name}"] * bool(rest)
    return " ".join(parts)


def money(amount: Numeric, currency: str | None) -> str:
    """Whole units of a currency: $48,210, CHF 760; cents only where whole units would read as zero."""
    value = exact(amount)
    size = abs(value)
    text = _plain(rounded(size, 0 if not size or size >= 1 else 2))
    if size and text == "0.00":
        return f"{MINUS if value < 0 else ''}under {_with_currency('0.01', currency)}"
    return f"{MINUS if value < 0 else ''}{_with_currency(text, currency)}"


def price(amount: Numeric, currency: str | None) -> str:
    """What one thing costs, to three digits: $1.37, $0.0042."""
    return f"{MINUS if amount < 0 else ''}{_with_currency(number(abs(exact(amount))), currency)}"


def _with_currency(text: str, currency: str | None) -> str:
    symbol = SYMBOLS.get(currency or "", f"{currency} " if currency else "")
    return f"{symbol}{text}"


def score(x: Numeric) -> str:
    """A score of 10 with one decimal."""
    return fixed(x, 1)


def change(unit: str, delta: Numeric | None, base: Numeric | None, currency: str | None = None) -> str:
    """A change from `base`, in the words of its unit; empty where nothing can be said (unknown, or from zero)."""
    if delta is None or not base:
        return ""
    size, before = abs(exact(delta)), abs(exact(base))
    if not rounded(size, 9):
        return "no change"
    if unit == "share":
        return signed(delta, f"{_few(size * 100)} pp")
    if unit == "seconds":
        minutes = before >= 10 * MINUTE and size >= MINUTE
        return signed(delta, duration(rounded(size / MINUTE, 0) * MINUTE if minutes else size, like=base))
    if unit == "score":
        return signed(delta, _few(size))
    text = signed(delta, money(size, currency) if unit == "money" else count(size))
    return text if before < 10 else f"{text} ({signed(delta, bare_percent(size / before, 1))})"


def _few(size: Decimal) -> str:
    """One decimal below ten, none above, and enough of them to show that something changed."""
    if rounded(size, 1) >= 10:
        return fixed(size, 0)
    return fixed(size, 1) if rounded(size, 1) else number(rounded(size, -size.adjusted()))


def day(when: date) -> str:
    """4 Nov 2026."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def short_day(when: date, beside: date | None = None) -> str:
    """4 Nov, with its year unless it is that of the day beside it."""
    return f"{when.day} {MONTHS[when.month - 1]}" if beside and beside.year == when.year else day(when)


def instant(when: datetime, zone: ZoneInfo = _UTC) -> str:
    """4 Nov 2026 09:00 GMT."""
    local = when.astimezone(zone)
    return f"{day(local.date())} {local:%H:%M} {zone_name(local)}"


def zone_name(local: datetime) -> str:
    """The zone's letters where it has some, else its offset: GMT, EST, UTC+05:45."""
    name = local.tzname() or "UTC"
    if not name.startswith(("+", "-")):
        return name
    offset = local.utcoffset() or timedelta()
    minutes = abs(int(offset.total_seconds())) // 60
    return f"UTC{MINUS if offset < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"


@lru_cache(maxsize=1024)  # pages name the same few dozen periods hundreds of times
def period_title(label: str) -> str:
    """Oct 2026; Week 43, 2026; Q3 2026; 1 Aug to 31 Oct 2026. A bare year stays as it is."""
    if label.isdigit():
        return label
    period = parse(label, _UTC)
    if period.grain is Grain.MONTH:
        return f"{MONTHS[period.first_day.month - 1]} {period.first_day.year}"
    if period.grain is Grain.WEEK:
        return f"Week {int(label[-2:])}, {label[:4]}"
    if period.grain is Grain.QUARTER:
        return f"{label[-2:]} {label[:4]}"
    return span(period.first_day, period.last_day)


def period_name(label: str) -> str:
    """The title without its year, for beside a period that names it: Sep, W42, Q2."""
    if label.isdigit() or ".." in label:
        return period_title(label)
    return label[5:] if label[5] in "WQ" else MONTHS[int(label[5:7]) - 1]


def period_beside(other: Period, period: Period) -> str:
    """Sep beside a month of the same year, Dec 2025 beside one of another."""
    near = other.label[:4] == period.label[:4]
    return period_name(other.label) if near else period_title(other.label)


def span(first: date, last: date) -> str:
    """A range of days, both included: 1 to 31 Oct 2026."""
    if first == last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    return f"{short_day(first, last)} to {day(last)}"


def so_far_title(period: Period, now: datetime) -> str:
    """A running period: Oct so far (12 of 31 days)."""
    days = (period.last_day - period.first_day).days + 1
    return f"{period_name(period.label)} so far ({elapsed_days(period, now)} of {days} days)"


def elapsed_days(period: Period, until: datetime) -> int:
    """The days of a period that have begun before an instant; the first at least."""
    last = max(min(until, period.end) - timedelta(milliseconds=1), period.start)
    return (last.astimezone(ZoneInfo(period.zone)).date() - period.first_day).days + 1


def _plain(value: Decimal) -> str:
    return f"{value:,f}".replace("-", MINUS)

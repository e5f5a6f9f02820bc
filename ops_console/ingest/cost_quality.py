"""What is odd about a cost file, provider by provider, said in words beside the import."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

ZERO = Decimal(0)
FREQUENCIES = {"One-Time", "Recurring", "Usage-Based"}
MOST_NAMED = 5


@dataclass
class Provider:
    """What was seen of one provider."""

    billed_rows: int = 0
    effective_zero: int = 0
    is_effective_broken: bool = False
    is_billed_broken: bool = False
    issuers: set[str] = field(default_factory=set)

    def note(self, billed: Decimal, effective: Decimal | None) -> None:
        if effective is None:
            return
        if billed:
            self.billed_rows += 1
            self.effective_zero += not effective
            self.is_billed_broken = self.is_billed_broken or _is_broken(billed)
        self.is_effective_broken = self.is_effective_broken or _is_broken(effective)


def _is_broken(amount: Decimal) -> bool:
    return amount != amount.to_integral_value()


class Quality:
    """Counts while the file streams by; `warnings` tells."""

    def __init__(self) -> None:
        self.providers: dict[str, Provider] = defaultdict(Provider)
        self.counts: Counter[str] = Counter()
        self.untagged_billed: dict[str, Decimal] = defaultdict(Decimal)
        self.billed: dict[str, Decimal] = defaultdict(Decimal)
        self.frequencies: Counter[str] = Counter()
        self.refused_billed: dict[str, Decimal] = defaultdict(Decimal)

    def warnings(self) -> list[str]:
        return [*self._effective(), *self._issuers(), *self._spelling(), *self._rows(), *self._money()]

    def _effective(self) -> Iterator[str]:
        for name, seen in sorted(self.providers.items()):
            if not seen.billed_rows:
                continue
            if seen.effective_zero == seen.billed_rows:
                yield f"EffectiveCost is not usable for {name} in this file: it is 0 in every billed row."
            elif not seen.is_effective_broken and seen.is_billed_broken and seen.effective_zero:
                yield (
                    f"EffectiveCost is not usable for {name} in this file: it is rounded to whole units "
                    f"({seen.effective_zero:,} of {seen.billed_rows:,} billed rows show 0)."
                )

    def _issuers(self) -> Iterator[str]:
        for name, seen in sorted(self.providers.items()):
            if len(seen.issuers) > 1:
                issuers = sorted(seen.issuers)
                shown = "; ".join(issuers[:MOST_NAMED]) + (" …" if len(issuers) > MOST_NAMED else "")
                yield f"{name} bills through {len(issuers)} invoice issuers: {shown}. Reconcile invoices by issuer."

    def _spelling(self) -> Iterator[str]:
        if odd := sorted(set(self.frequencies) - FREQUENCIES):
            yield (
                f"ChargeFrequency is spelled {', '.join(repr(word) for word in odd[:MOST_NAMED])} "
                f"in {sum(self.frequencies[word] for word in odd):,} rows; FOCUS writes "
                "One-Time, Recurring or Usage-Based."
            )
        if count := self.counts["stray spaces"]:
            yield f"Tag keys carry stray spaces in {count:,} rows; they are trimmed."
        if count := self.counts["unreadable tags"]:
            yield f"Tags are no flat JSON object in {count:,} rows; their cost is kept as untagged."
        if count := self.counts["nulls"]:
            yield f"The text 'NULL' stands for an empty cell in {count:,} rows; it is read as unknown."
        if count := self.counts["naive times"]:
            yield f"Times carry no offset in {count:,} rows; they are read as UTC, as FOCUS means them."

    def _rows(self) -> Iterator[str]:
        if count := self.counts["late"]:
            yield f"{_rows(count)} for days outside their billing period (late or early charges)."
        if count := self.counts["credits"]:
            yield f"{_rows(count)} of credit; credits keep their sign."
        if count := self.counts["corrections"]:
            yield f"{_rows(count)} of correction to an earlier invoice; corrections keep their sign."
        if count := self.counts["untagged"]:
            shares = " and ".join(
                f"{amount.normalize():f} {currency} of {self.billed[currency].normalize():f}"
                for currency, amount in sorted(self.untagged_billed.items())
            )
            yield f"{_rows(count)} without tags: {shares}. Their cost cannot be told by model."

    def _money(self) -> Iterator[str]:
        if len(self.billed) > 1:
            names = ", ".join(sorted(self.billed))
            yield f"The file holds {len(self.billed)} currencies ({names}); they are kept apart."
        for currency, amount in sorted(self.refused_billed.items()):
            yield f"Refused rows hold {amount.normalize():f} {currency} of billed cost."


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"

"""FOCUS 1.0–1.4 (https://focus.finops.org): the names its columns had and have, and what its tags tell us."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ops_console.contracts.vocabulary import Purpose
from ops_console.ingest.mapping import Mapping as Document
from ops_console.ingest.unfit import Unfit

COLUMNS: dict[str, tuple[str, ...]] = {
    "provider": ("ProviderName", "ServiceProviderName", "PublisherName", "provider"),
    "invoice_issuer": ("InvoiceIssuerName", "InvoiceIssuer", "invoice_issuer"),
    "billing_period_start": ("BillingPeriodStart", "billing_period_start"),
    "billing_period_end": ("BillingPeriodEnd", "billing_period_end"),
    "charge_period_start": ("ChargePeriodStart", "charge_period_start"),
    "charge_period_end": ("ChargePeriodEnd", "charge_period_end"),
    "charge_category": ("ChargeCategory", "ChargeType", "charge_category"),
    "charge_class": ("ChargeClass", "charge_class"),
    "charge_frequency": ("ChargeFrequency", "charge_frequency"),
    "billing_currency": ("BillingCurrency", "billing_currency"),
    "billed_cost": ("BilledCost", "billed_cost"),
    "effective_cost": ("EffectiveCost", "AmortizedCost", "effective_cost"),
    "list_cost": ("ListCost", "list_cost"),
    "contracted_cost": ("ContractedCost", "contracted_cost"),
    "service_name": ("ServiceName", "service_name"),
    "service_category": ("ServiceCategory", "service_category"),
    "sub_account": ("SubAccountName", "SubAccountId", "sub_account"),
    "region": ("RegionId", "Region", "RegionName", "region"),
    "tags": ("Tags", "tags"),
    "model": ("x_Model", "x_ModelName", "model"),
    "purpose": ("x_Purpose", "x_Stage", "purpose"),
}
"""Each field of a cost fact and the columns it is found in, the best first."""

UNUSED = {
    "AllocatedMethodDetails",
    "AllocatedMethodId",
    "AllocatedResourceId",
    "AllocatedResourceName",
    "AllocatedTags",
    "AvailabilityZone",
    "BillingAccountId",
    "BillingAccountName",
    "BillingAccountType",
    "CapacityReservationId",
    "CapacityReservationStatus",
    "ChargeDescription",
    "ChargeSubcategory",
    "CommitmentDiscountCategory",
    "CommitmentDiscountId",
    "CommitmentDiscountName",
    "CommitmentDiscountQuantity",
    "CommitmentDiscountStatus",
    "CommitmentDiscountType",
    "CommitmentDiscountUnit",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractApplied",
    "ContractedUnitPrice",
    "HostProviderName",
    "InvoiceDetailId",
    "InvoiceId",
    "ListUnitPrice",
    "PricingCategory",
    "PricingCurrency",
    "PricingCurrencyContractedUnitPrice",
    "PricingCurrencyEffectiveCost",
    "PricingCurrencyListUnitPrice",
    "PricingQuantity",
    "PricingUnit",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "ServiceSubcategory",
    "SkuId",
    "SkuMeter",
    "SkuPriceDetails",
    "SkuPriceId",
    "SubAccountType",
    "UsageQuantity",
    "UsageUnit",
}
"""Columns FOCUS defines and the console has no use for; no word is lost on them."""

_OFFSET = re.compile(r"(Z|[+-]\d\d:?\d\d(:?\d\d)?)$", re.IGNORECASE)
MODEL_TAGS = ("model", "ml-model", "ml_model", "mlmodel", "model-name", "model_name")
TEAM_TAGS = ("team", "owning-team", "owning_team", "owner")
PURPOSE_TAGS = ("purpose", "stage", "ml-stage", "ml_stage", "lifecycle", "phase", "workload")
PURPOSES = {purpose.value: purpose.value for purpose in Purpose} | {
    "train": "training",
    "serving": "inference",
    "prediction": "inference",
    "experiment": "experimentation",
    "research": "experimentation",
    "shared": "platform",
}


def with_focus_habits(document: Document) -> Document:
    """A mapping that also knows what vendors do, and which columns to pass over.

    They write NULL, though FOCUS asks for an empty cell, and leave out the offset of UTC times.
    """
    read = {column for rule in document.fields.values() for column in rule.columns()}
    return document.model_copy(
        update={
            "null": [*document.null, "NULL", "null"],
            "zone": document.zone or "UTC",
            "ignore": [*document.ignore, *(column for column in UNUSED if column not in read)],
        }
    )


def read_tags(cell: Any) -> tuple[dict[str, str | None], bool]:
    """Tags by trimmed key, and whether a key had to be trimmed. Raises `ValueError` for what is no flat JSON object."""
    if cell is None:
        return {}, False
    tags = json.loads(cell, parse_float=str, parse_int=str) if isinstance(cell, str) else cell
    if not isinstance(tags, dict):
        raise ValueError("tags are no JSON object")
    strayed = [key for key in tags if key != key.strip()]
    trimmed = {key.strip(): tags[key] for key in strayed}
    kept = trimmed | {key: value for key, value in tags.items() if key == key.strip()}
    return {key: _word(value) for key, value in kept.items()}, bool(strayed)


def _word(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def tagged(tags: Mapping[str, str | None], names: Iterable[str]) -> str | None:
    """The value of the first of these keys that is set; case does not matter."""
    by_key = {key.casefold(): value for key, value in tags.items()}
    return next((value.strip() for name in names if (value := by_key.get(name)) and value.strip()), None)


def purpose_of(word: str | None) -> str | None:
    """The purpose a word stands for, if it stands for one: `stage=prod` says nothing of purpose."""
    return PURPOSES.get(word.strip().casefold()) if word else None


def is_naive(time: Any) -> bool:
    """Whether a time was written without an offset."""
    return time.tzinfo is None if isinstance(time, datetime) else not _OFFSET.search(str(time))


def understood(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The values of a cost fact with its tags and purpose read, and what was odd about them."""
    told, odd = dict(values), []
    try:
        told["tags"], strayed = read_tags(told.get("tags"))
        odd += ["stray spaces"] if strayed else []
    except ValueError:
        told["tags"] = {}
        odd.append("unreadable tags")
    word = told.pop("purpose", None)
    purpose = purpose_of(word or tagged(told["tags"], PURPOSE_TAGS))
    if word and purpose is None:
        raise Unfit("purpose", f"purpose {word[:80]!r} is not known; translate it in the mapping's values")
    return told | ({"purpose": purpose} if purpose else {}), odd

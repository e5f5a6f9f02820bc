"""Billing accounts, their projects and list prices, by Google's own library:
https://cloud.google.com/python/docs/reference/cloudbilling/latest

It knows prices and no spend: what was spent is in the export alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import GoogleAPICallError
from google.cloud import billing_v1
from google.oauth2.credentials import Credentials

from integrations.gcp_cost.api import Google, refusal
from integrations.gcp_cost.way import Adapter

NANO = Decimal("1e-9")
SHOWN = 1_000


@dataclass(frozen=True, slots=True)
class BillingAccount:
    name: str
    currency: str
    is_open: bool
    projects: int


class Prices:
    """List prices of services, each looked up once."""

    def __init__(self, google: Google) -> None:
        self._google = google
        self._services: dict[str, str] | None = None
        self._known: dict[tuple[str, str], dict[str, Decimal]] = {}

    def listed(self, service: str, sku: str, units: str | None, currency: str) -> str | None:
        """What so many units cost by the list; nothing where the price depends on how much is used."""
        if not sku or units is None:
            return None
        if (service, currency) not in self._known:
            self._known[service, currency] = dict(self._prices(service, currency))
        price = self._known[service, currency].get(sku)
        return None if price is None else format(price * Decimal(units), "f")

    def _prices(self, service: str, currency: str) -> Iterator[tuple[str, Decimal]]:
        name = self._names().get(service)
        if name is None:
            return
        with refusals(f"the prices of {service}"):
            asked = billing_v1.ListSkusRequest(parent=name, currency_code=currency, page_size=5_000)
            for sku in _client(self._google, billing_v1.CloudCatalogClient).list_skus(asked, retry=None):
                price = _price(sku)
                if price is not None:
                    yield sku.sku_id, price

    def _names(self) -> dict[str, str]:
        if self._services is None:
            with refusals("the list of services"):
                found = _client(self._google, billing_v1.CloudCatalogClient).list_services(retry=None)
                self._services = {each.display_name: each.name for each in found}
        return self._services


def billing_account(google: Google, number: str) -> BillingAccount:
    """The account, and how many projects it pays for."""
    client, name = _client(google, billing_v1.CloudBillingClient), f"billingAccounts/{number}"
    with refusals(f"the billing account {number}"):
        found = client.get_billing_account(name=name, retry=None)
        linked = client.list_project_billing_info(name=name, retry=None)
        paid = sum(each.billing_enabled for each in islice(linked, SHOWN))
    return BillingAccount(found.display_name or number, found.currency_code, found.open_, paid)


@contextmanager
def refusals(what: str) -> Iterator[None]:
    try:
        yield
    except GoogleAPICallError as error:
        raise refusal(int(error.code or 0), {"message": error.message}, what) from None


def _client(google: Google, kind: Any) -> Any:
    google.sign()
    # The bare token: of a service account's key the library would make tokens by itself, and send them another way.
    bearer: Any = Credentials
    token = bearer(google.credentials.token)
    options = ClientOptions(api_endpoint=google.base("cloudbilling"))
    client = kind(credentials=token, transport="rest", client_options=options)
    for scheme in ("https://", "http://"):
        client.transport._session.mount(scheme, Adapter(google.way))  # the library offers no other door
    return client


def _price(sku: Any) -> Decimal | None:
    """The price of one unit, of a SKU that has a single one."""
    if not sku.pricing_info:
        return None
    tiers = sku.pricing_info[-1].pricing_expression.tiered_rates
    if len(tiers) != 1:
        return None
    price = tiers[0].unit_price
    return Decimal(price.units) + int(price.nanos) * NANO

"""Will we stay in budget, and what moved?"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from flask import Response, request, url_for
from sqlmodel import Session

from ops_console.core import units
from ops_console.ingest.freshness import freshness
from ops_console.measures.readings import Reading
from ops_console.reporting import words
from ops_console.reporting.render.csv import csv_name
from ops_console.scorecard.charges import KEY, MODEL, SERVICE, Charges, totals
from ops_console.scorecard.read import reading
from ops_console.web.access import Access, Pages
from ops_console.web.cost_days import cost_days
from ops_console.web.cost_models import ModelCost, model_costs
from ops_console.web.cost_movers import movers
from ops_console.web.cost_unusual import unusual
from ops_console.web.database import read
from ops_console.web.detail import plotly_figures
from ops_console.web.drawn import drawn
from ops_console.web.filters import filters, scope_choices
from ops_console.web.reads.bills import bills, uneven
from ops_console.web.view import Sorting, csv_response, page_of, render, sorting, url_with, workspace

pages = Pages("cost", menu="Cost", place=45)

PARTS = ("purpose", "provider", "service")
SORTED_BY = ("name", "total", "change", "budget")
MOST_DAYS = 100
"""That a chart can tell apart."""
MOST_OF_NO_MODEL = 10
MOST_PURPOSES = 4


@pages.get("/cost", access=Access.VIEWER)
def cost() -> str:
    asked = filters()
    with read() as session:
        fresh = freshness(session, asked.now)
        found = reading(session, KEY, asked.scope, asked.period, compare=asked.compare, now=asked.now, fresh=fresh)
        values = _spent(session, found) if found.k is not None else {}
        scopes = scope_choices(session)
        brought = bills(session, asked.period, asked.now)
    return render(
        "cost.html",
        filters=asked,
        scopes=scopes,
        hidden={name: request.args[name] for name in ("by", "sort") if request.args.get(name)},
        grains=asked.grains("cost.cost"),
        r=found,
        action=None,
        beside=[],
        lines=[line for line in (words.ahead(found), uneven(brought) if found.is_running else "") if line],
        page_of_it=None,
        kpi_address=f"{url_for('kpis.kpi', key=KEY, **asked.params())}#computed",
        units=units,
        bills=brought,
        source=words.source_line(found, workspace().zone),
        csv=url_for("cost.cost_csv", **asked.params()),
        **values,
    )


@pages.get("/cost.csv", access=Access.VIEWER)
def cost_csv() -> Response:
    """Every charge of the period added up by model, service and purpose."""
    asked = filters()
    with read() as session:
        found = reading(session, KEY, asked.scope, asked.period, compare=asked.compare, now=asked.now)
        charges = Charges(session, asked.scope, found.currency or "")
        rows = charges.sums(asked.period.start, asked.period.end, MODEL, SERVICE, "purpose")
    columns = ("model", "service", "purpose", "billed", "currency")
    return csv_response(
        csv_name("cost", asked.period.label, asked.scope), columns, ((*row, found.currency) for row in sorted(rows))
    )


def _spent(session: Session, found: Reading) -> dict[str, Any]:
    """All that the page tells where there is a bill."""
    part = _part()
    charges = Charges(session, found.scope, found.currency or "")
    days, every_model = cost_days(charges, found, part), model_costs(charges, found)
    made_of, (told, more_told) = days.made_of(), unusual(charges, days)
    of_no_model = charges.of_no_model(found.period.start, found.period.end)
    order = sorting(SORTED_BY, "-total")
    models = _sorted(every_model, order)
    paging = page_of(len(models))
    return {
        "charts": [drawn(days.against_budget()), drawn(made_of)] if len(days.days) <= MOST_DAYS else [],
        "most_days": MOST_DAYS,
        "figure": plotly_figures(made_of),
        "parts": [(each.capitalize(), url_with(by=each), each == part) for each in PARTS],
        "unusual": told,
        "more_unusual": more_told,
        "has_weeks_before": days.since < days.days[0],
        "has_budgets": any(each.budget for each in every_model),
        "has_prices": any(each.unit_cost for each in every_model),
        "movers": movers(every_model, days),
        "purposes": _dearest(every_model),
        "models": models[paging.offset : paging.offset + paging.size],
        "paging": paging,
        "sorting": order,
        "of_no_model": of_no_model[:MOST_OF_NO_MODEL],
        "more_of_no_model": len(of_no_model) - MOST_OF_NO_MODEL,
        "of_no_model_in_all": sum((row[-1] for row in of_no_model), Decimal(0)),
    }


def _dearest(models: Iterable[ModelCost]) -> dict[str, Decimal]:
    """What each purpose comes to, as many as the table has columns for."""
    sums = totals((row for each in models for row in each.purposes.items()), 0)
    return {name: sums[name] for name in sorted(sums, key=lambda name: (-sums[name], name))[:MOST_PURPOSES]}


def _part() -> str:
    asked = request.args.get("by", "")
    return asked if asked in PARTS else PARTS[0]


def _sorted(models: Sequence[ModelCost], order: Sorting) -> list[ModelCost]:
    """Unknown ones last in either direction, and what belongs to no model at the end."""

    def place(model: ModelCost) -> Any:
        return model.name.casefold() if order.key == "name" else getattr(model, order.key)

    known = sorted((each for each in models if place(each) is not None), key=place, reverse=order.descending)
    ordered = known + [each for each in models if place(each) is None]
    return sorted(ordered, key=lambda each: not each.is_of_a_model)

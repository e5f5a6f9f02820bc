"""The shortcuts that `static/console.js` understands, as help and the key card tell them."""

KEYS = (
    ("/", "Search"),
    ("[ and ]", "Previous and next period"),
    ("g o", "Overview"),
    ("g k", "KPIs"),
    ("g i", "Incidents"),
    ("c", "Copy a link to this page"),
    ("?", "These keys"),
)

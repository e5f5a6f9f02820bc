"""Prometheus Alertmanager: alerts that fired and ended, by webhook."""

from ops_console.contracts.integration import Grade, Manifest
from ops_console.contracts.sources import WEBHOOK_SECRET, Option, Secret

CLASSES = ("critical page", "page page", "warning ticket", "ticket ticket")
LEFT_OUT = ("Watchdog", "InfoInhibitor")
"""They say that alerting works, and fire for ever."""

MANIFEST = Manifest(
    key="alertmanager",
    title="Alertmanager",
    roles=("webhook",),
    settings=(),
    summary="Alerts of Prometheus, Thanos, Mimir or VictoriaMetrics, as Alertmanager sends them.",
    facts=("alerts",),
    brings=(
        "Alerts that fired: when they began and when they ended.",
        "Whether each interrupts a person or waits as a ticket, by its severity.",
        "The model or service that each is about, by its labels.",
    ),
    options=(
        Option("severity_label", "Label that says how urgent it is", default="severity"),
        Option(
            "classes",
            "What each severity does",
            hint="One a line: the severity, and page where it interrupts a person or ticket where it waits. "
            "Others are kept without a class.",
            default="\n".join(CLASSES),
            many=True,
        ),
        Option("model_label", "Label that names the model", default="model"),
        Option("service_label", "Label that names the service", default="service"),
        Option(
            "left_out",
            "Alerts that are left out",
            hint="One a line, by name: those that fire for ever to show that alerting works.",
            default="\n".join(LEFT_OUT),
            many=True,
        ),
        Option(
            "web_url",
            "Where people open Alertmanager",
            hint="Such as https://alerts.example.com; with it each alert has a link.",
            is_address=True,
        ),
    ),
    secrets=(
        Secret(
            WEBHOOK_SECRET,
            "Token or password",
            hint="What Alertmanager sends along: the credentials of its http_config.authorization, or the password of "
            "its basic_auth.",
            required=True,
        ),
    ),
    permissions=("None: Alertmanager is told where to send",),
    minutes=0,
    grade=Grade.GOLD,
    guide="https://prometheus.io/docs/alerting/latest/configuration/#webhook_config",
)

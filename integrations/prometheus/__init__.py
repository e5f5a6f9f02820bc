"""Prometheus: service level objectives of sloth and Pyrra, and what came of them hour by hour."""

from ops_console.contracts.integration import Grade, Manifest
from ops_console.contracts.sources import Option, Secret

MANIFEST = Manifest(
    key="prometheus",
    title="Prometheus",
    roles=("collector",),
    settings=(),
    summary="Service level objectives and their hourly slices from Prometheus, Thanos, Mimir or VictoriaMetrics.",
    facts=("slos", "sli_slices"),
    brings=(
        "Objectives of sloth and Pyrra, read from their recording rules, and those you write down here.",
        "Good and valid events of every hour, kept when Prometheus has long forgotten them.",
        "How much of each hour was seen: an hour without scrapes is a gap, neither good nor bad.",
    ),
    options=(
        Option(
            "api_url",
            "Address of Prometheus",
            hint="What stands before /api/v1; Mimir and Cortex answer below https://HOST/prometheus",
            required=True,
            is_address=True,
        ),
        Option(
            "slos",
            "Objectives of your own",
            hint="One a line: name, model or service, per cent, and bad events ÷ all events, such as ranker-up ranker "
            '99.9 sum(rate(requests_total{code=~"5.."}[5m])) / sum(rate(requests_total[5m])).',
            many=True,
        ),
        Option("model_label", "Label that names the model", default="model"),
        Option("service_label", "Label that names the service", default="service"),
        Option("user", "User name", hint="Where Prometheus asks for a user name and password."),
        Option("tenant", "Tenant", hint="Of Mimir, Cortex or Thanos, where there are several."),
        Option(
            "replica_label",
            "Label of copies",
            hint="Tells apart the copies of a highly available pair, which Thanos then counts once.",
            default="prometheus_replica",
        ),
    ),
    secrets=(
        Secret("token", "Token", hint="Where Prometheus asks for a bearer token."),
        Secret("password", "Password", hint="Where Prometheus asks for a user name and password."),
        Secret(
            "authority",
            "Certificate authority",
            hint="In PEM, where one of your own vouches for the server. The usual ones are trusted besides.",
        ),
        Secret(
            "identity",
            "Client certificate",
            hint="In PEM, where Prometheus wants to see one (mTLS): the certificate, then its key without a password.",
        ),
    ),
    permissions=("To ask queries, and to see the rules",),
    minutes=60,
    grade=Grade.GOLD,
    guide="https://prometheus.io/docs/prometheus/latest/querying/api/",
)

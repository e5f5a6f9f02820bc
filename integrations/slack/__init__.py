"""Slack: reports as Block Kit messages, posted by a bot token; commands, shortcuts and links, answered."""

from ops_console.contracts.integration import Manifest

MANIFEST = Manifest(
    key="slack",
    title="Slack",
    roles=("channel", "commands"),
    settings=(
        "slack_token",
        "slack_channel",
        "team_slack_channel",
        "slack_signing_secret",
        "slack_api_url",
        "reminders_by",
    ),
    summary="Sends reports to a channel, and reminders to people. The app needs chat:write and files:write, and "
    "channels:history to make sure after a crash that nothing is posted twice. Reminders as direct messages need "
    "users:read.email, im:write and im:history, too. With a signing secret it answers /ops, shortcuts and shared "
    "links; app_manifest.yaml installs it.",
)

"""A made-up alert, to try a channel with."""

import secrets
import time

from graph_hunt.casework.notifications.channel import Channel
from graph_hunt.casework.notifications.message import Told
from graph_hunt.casework.notifications.sending import send
from graph_hunt.hunting.finding import Finding, Involved
from graph_hunt.hunting.hunt import Level


def try_out(channel: Channel) -> None:
    """Tell a made-up alert by a channel; raises `Undelivered` where it is not taken."""
    now = time.time_ns() // 1_000_000
    finding = Finding(
        id="trial",
        hunt="trial",
        title="This is a trial of a channel",
        level=Level.INFORMATIONAL,
        attack=(),
        summary="Nothing happened: somebody tries whether this channel works.",
        entities=(Involved("User", "nobody", "nobody", "account"),),
        first_seen=now,
        last_seen=now,
        score=0.0,
        evidence=(),
        details={},
    )
    send(channel, Told(secrets.token_hex(16), "trial", "trial", now, finding))

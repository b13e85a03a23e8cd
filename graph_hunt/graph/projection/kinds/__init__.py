"""How each event table becomes edges and nodes: one function that gives SQL, for each kind and table.

An edge's SQL gives `source_label, source_key, target_label, target_key`, the kind's discriminators by name, `seen`
(the time) and `event_id`, a row an event; rows without a key at either end are dropped. A node's SQL gives
`key, name`, the label's properties by name, and `seen`; the newest known value of each property counts. They read the
`<table>_resolved` views and the macros of `macros.py`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from graph_hunt.graph.projection.kinds import access, alert, authentication, change, mail, mailbox, network, process

Reading = tuple[str, Callable[[], str]]
"""An event table and what reads it."""

EDGE_READINGS: Mapping[str, tuple[Reading, ...]] = MappingProxyType(
    {
        "LOGGED_ON": (("authentication", authentication.logged_on),),
        "LOGON_TO": (
            ("authentication", authentication.logon_to),
            ("authentication", authentication.logon_to_by_ticket),
            ("access", access.logon_to),
        ),
        "VALIDATED": (("authentication", authentication.validated),),
        "SIGNED_IN_FROM": (("authentication", authentication.signed_in_from),),
        "HAD_IP": (("authentication", authentication.had_ip), ("network", network.had_ip)),
        "ACTED_AS": (("authentication", authentication.acted_as),),
        "REQUESTED_TICKET": (("authentication", authentication.requested_ticket),),
        "ACCESSED_SHARE": (("access", access.accessed_share),),
        "REPLICATED": (("access", access.replicated),),
        "RAN": (("process", process.ran),),
        "RAN_ON": (("process", process.ran_on),),
        "SPAWNED": (("process", process.spawned),),
        "ACCESSED": (("access", access.accessed),),
        "CONNECTED_TO": (("network", network.connected_to),),
        "LOOKED_UP": (("network", network.looked_up),),
        "CREATED": (("change", change.created),),
        "ON": (("change", change.on), ("mailbox", mailbox.on)),
        "CLEARED_LOG": (("change", change.cleared_log),),
        "CHANGED": (("change", change.changed),),
        "MEMBER_OF": (("change", change.member_of),),
        "SENT": (("mail", mail.sent),),
        "DELIVERED_TO": (("mail", mail.delivered_to),),
        "RELAYED": (("mail", mail.relayed),),
        "LINKS_TO": (("mail", mail.links_to),),
        "IN_DOMAIN": (
            ("mail", mail.url_in_domain),
            ("mail", mail.mailbox_in_domain),
            ("click", mail.clicked_in_domain),
        ),
        "ATTACHED": (("mail", mail.attached),),
        "CLICKED": (("click", mail.clicked),),
        "OWNS": (("mailbox", mailbox.owns),),
        "ACCESSED_MAILBOX": (("mailbox", mailbox.accessed_mailbox),),
        "GRANTED": (("mailbox", mailbox.granted),),
        "CREATED_RULE": (("mailbox", mailbox.created_rule),),
        "FORWARDS_TO": (("mailbox", mailbox.forwards_to),),
        "CONSENTED_TO": (("change", change.consented_to),),
        "ALERTED_ON": (("alert", alert.alerted_on),),
        # Made by enrichment, when indicators are read, not by an event.
        "MATCHES": (),
    }
)

NODE_READINGS: Mapping[str, tuple[Reading, ...]] = MappingProxyType(
    {
        "Process": (("process", process.processes), ("access", access.processes), ("network", network.processes)),
        "Persistence": (("change", change.persistences),),
        "Group": (("change", change.groups),),
        "App": (("change", change.apps),),
        "Message": (("mail", mail.messages),),
        "File": (("mail", mail.files),),
        "Url": (("mail", mail.urls), ("click", mail.clicked_urls)),
        "Mailbox": (("mail", mail.mailboxes), ("mailbox", mailbox.mailboxes)),
        "MailRule": (("mailbox", mailbox.rules),),
        "Alert": (("alert", alert.alerts),),
    }
)
"""Users, hosts and addresses are named by identity; a Domain has nothing but its key."""

"""The two ends of a connection, whichever way a record writes them."""

from collections.abc import Mapping
from typing import Any

from graph_hunt.loaders._values import address, integer

__all__ = ["Ends"]


class Ends:
    """Who began a connection, and who answered."""

    __slots__ = ("answering", "answering_port", "beginning", "beginning_port")

    def __init__(self, fields: Mapping[str, Any]) -> None:
        if "id.orig_h" in fields:
            found = [fields.get(f"id.{name}") for name in _NAMES]
        elif type(inner := fields.get("id")) is dict:
            found = [inner.get(name) for name in _NAMES]
        else:
            found = [fields.get(f"id_{name}") for name in _NAMES]
        self.beginning, self.answering = address(found[0]), address(found[2])
        self.beginning_port, self.answering_port = integer(found[1]), integer(found[3])

    def network(self) -> dict[str, Any]:
        """As columns of `network`."""
        return {
            "source_ip": self.beginning,
            "source_port": self.beginning_port,
            "target_ip": self.answering,
            "target_port": self.answering_port,
        }

    def authentication(self) -> dict[str, Any]:
        """As columns of `authentication`, for protocols whose server is what is logged on to."""
        return {
            "source_ip": self.beginning,
            "source_port": self.beginning_port,
            "target_host": self.answering,
        }


_NAMES = ("orig_h", "orig_p", "resp_h", "resp_p")

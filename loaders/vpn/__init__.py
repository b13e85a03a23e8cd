"""VPN gateways' logs: OpenVPN, Cisco ASA and FTD, FortiGate, GlobalProtect, Pulse and Ivanti Connect Secure."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Loader, Options, Source
from graph_hunt.loaders._records import batches
from graph_hunt.loaders._text_log import Line, first_lines, lines
from graph_hunt.loaders.vpn import cisco, fortigate, globalprotect, openvpn, pulse
from graph_hunt.loaders.vpn.session import Sessions

__all__ = ["LOADER"]

_Keep = Callable[[Line], None]
_PRODUCTS: Mapping[str, tuple[Callable[[list[str]], bool], Callable[[Sessions, Options], _Keep]]] = MappingProxyType(
    {
        "cisco": (cisco.is_log, lambda sessions, options: cisco.Log(sessions).keep),
        "fortigate": (fortigate.is_log, lambda sessions, options: fortigate.Log(sessions, options).keep),
        "globalprotect": (globalprotect.is_log, lambda sessions, options: globalprotect.Log(sessions, options).keep),
        "pulse": (pulse.is_log, lambda sessions, options: pulse.Log(sessions).keep),
        "openvpn": (openvpn.is_log, lambda sessions, options: openvpn.Log(sessions).keep),
    }
)
"""By product: whether the first lines are its own, and what keeps a line."""


class _Vpn:
    name = "vpn"

    def claims(self, source: Source) -> bool:
        """Tell by what the first lines say."""
        return _product(source.head) is not None

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        rows = Rows(self.name, source.name)
        product = _product(source.head) or "openvpn"
        keep = _PRODUCTS[product][1](Sessions(rows), options)
        with source.open() as stream:
            yield from batches(lines(source, stream, options), rows, keep)


def _product(head: bytes) -> str | None:
    found = first_lines(head)
    return next((name for name, (is_log, _) in _PRODUCTS.items() if found and is_log(found)), None)


LOADER: Loader = _Vpn()

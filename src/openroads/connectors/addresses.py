"""Which network addresses the house may speak to: public ones, and those a person allow-listed."""

import ipaddress
from collections.abc import Iterable
from typing import Final

from openroads.connectors.sentences import say

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# TRICKY: `is_global` alone is no guard. On Python 3.11 it lets through the carrier network
# 100.64/10 in mapped forms, NAT64, 6to4, site-local, 192.0.0.8 and multicast. So: what is_global
# says, minus everything below, and of IPv6 only 2000::/3, the part that is given out at all.
_NEVER: Final[tuple[Network, ...]] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip
_GIVEN_OUT: Final = ipaddress.IPv6Network("2000::/3")


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, with mapped IPv4 unwrapped first."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.scope_id or address not in _GIVEN_OUT:
            return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address.version == net.version and address in net for net in _NEVER)


class AllowList:
    """Hosts and networks outside the public internet that a person has allowed, such as a LAN.

    Entries: "intranet.example", "10.1.0.0/16", "192.168.1.5", each with ":port" at the end when
    only that port is meant ("[fd00::5]:8080" for IPv6). Raises ValueError for an entry that is
    none of these, with the entry in the text.
    """

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self._hosts: set[tuple[str, int]] = set()
        self._networks: list[tuple[Network, int]] = []
        for entry in entries:
            self._add(entry.strip())

    def _add(self, entry: str) -> None:
        if not entry:
            return
        name, port = _split_port(entry)
        try:
            self._networks.append((ipaddress.ip_network(name, strict=False), port))
            return
        except ValueError:
            pass
        if not all(part and part.replace("-", "").isalnum() for part in name.split(".")):
            raise ValueError(
                say("“{entry}” is not a host name, an address or a network.", entry=entry)
            )
        self._hosts.add((name.lower(), port))

    def has_host(self, host: str, port: int) -> bool:
        """Whether the host is allowed by name, whatever address it has."""
        host = host.lower().rstrip(".")
        return (host, port) in self._hosts or (host, 0) in self._hosts

    def has_address(self, address: Address, port: int) -> bool:
        """Whether the address lies in an allowed network."""
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return any(
            address.version == network.version and address in network and only in (0, port)
            for network, only in self._networks
        )

    def has_port(self, host: str, port: int) -> bool:
        """Whether some entry could allow this host on this port; the address is checked later."""
        if self.has_host(host, port):
            return True
        return any(only in (0, port) for _, only in self._networks)


def _split_port(entry: str) -> tuple[str, int]:
    if entry.startswith("["):
        name, _, port = entry[1:].partition("]")
        return name, int(port[1:]) if port.startswith(":") and port[1:].isdigit() else 0
    name, colon, port = entry.rpartition(":")
    if colon and port.isdigit() and ":" not in name:
        return name, int(port)
    return entry, 0

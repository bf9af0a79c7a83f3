"""Names of visitors, for limits only: a keyed hash of the network under a key that lives for an hour.

The address itself is stored nowhere.

Requests that come by the onion address, or through a proxy that nobody has told us of, all bear an address of
this machine or its own network. That tells nobody apart, so such visitors share one name, and no limit is
counted by it: it would let any of them lock the others out.
"""

from __future__ import annotations

import ipaddress
import os
import time
from typing import Any, cast

from flask import current_app, request

from campaign.core.vault import keyed_hash, vault

SHARED = "shared"
_HOUR = 3600
_LOCAL = tuple(
    ipaddress.ip_network(text)
    for text in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)
# A household or a phone, and the network around it: bits for IPv4 and IPv6.
_ADDRESS = (32, 64)
_NETWORK = (24, 48)


class HourlyKey:
    """A key of 32 random bytes for each hour, the same in all processes and remembered by none afterwards.

    `redis`: where several processes share it.
    """

    def __init__(self, redis: Any = None) -> None:
        self._redis = redis
        self._held = (0, b"")

    def get(self) -> bytes:
        """The key of this hour. Raises RedisError when Redis can't be reached."""
        hour = int(time.time()) // _HOUR
        held = self._held
        if held[0] != hour:
            held = self._held = (hour, self._of(hour))
        return held[1]

    def _of(self, hour: int) -> bytes:
        fresh = os.urandom(32)
        if self._redis is None:
            return fresh
        name = f"undersigned:hour:{hour}"
        self._redis.set(name, fresh, nx=True, ex=2 * _HOUR)
        return cast(bytes, self._redis.get(name)) or fresh


def is_shared() -> bool:
    """True where the address does not tell visitors apart."""
    return _address() is None


def visitor() -> str:
    """A name for the address that sends this request (IPv4 whole, IPv6 its /64), valid for an hour; SHARED
    where it tells nobody apart.
    """
    return _named(_ADDRESS)


def network() -> str:
    """A name for the network around it: IPv4 /24, IPv6 /48."""
    return _named(_NETWORK)


def _named(bits: tuple[int, int]) -> str:
    address = _address()
    if address is None:
        return SHARED
    wide = ipaddress.ip_network((address, bits[address.version == 6]), strict=False)
    key = cast(HourlyKey, current_app.extensions["hourly_key"]).get()
    # Both keys are needed: a thief of Redis lacks those of the vault, and a thief of those comes after the
    # hour has ended.
    return keyed_hash(key, "network", vault().index("network", str(wide)).hex()).hex()[:32]


def _bare(sent: str) -> str:
    """An address without the port that some proxies add: unread, it would pass for nobody's, who has no
    limits.
    """
    if sent.startswith("["):
        return sent[1:].partition("]")[0]
    return sent.partition(":")[0] if sent.count(":") == 1 else sent


def _address() -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    sent = request.remote_addr or ""
    if sent == "127.0.0.1":
        return None
    try:
        address = ipaddress.ip_address(_bare(sent).partition("%")[0])
    except ValueError:
        return None
    address = getattr(address, "ipv4_mapped", None) or address
    return None if any(address in local for local in _LOCAL if local.version == address.version) else address

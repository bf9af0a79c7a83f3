"""Signals of the registry for the rooms above, sent in the transaction that writes the change.

Receivers get the session as sender.
"""

from __future__ import annotations

from blinker import Namespace

_news = Namespace()
# organisation_id: the registry says something new of it.
organisation_changed = _news.signal("organisation-changed")
# goes, stays: ids of two records that become one; told before the first is gone.
organisations_merged = _news.signal("organisations-merged")
# network_id: its members, or their dates, are others now.
network_changed = _news.signal("network-changed")

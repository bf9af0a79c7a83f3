"""Signals of lists for the rooms above, sent in the transaction that writes the change.

Receivers get the session as sender.
"""

from __future__ import annotations

from blinker import Namespace

_news = Namespace()
# statement_id: somebody who was listed, and stays, is shown in another way from now on.
listed_otherwise = _news.signal("listed-otherwise")

"""Signals of case files for the rooms above, sent in the transaction that writes the change.

Receivers get the session as sender.
"""

from __future__ import annotations

from blinker import Namespace

_news = Namespace()
# person, event: the team has entered a release, after which the person is free.
person_released = _news.signal("person-released")
# person: more or less of them may be shown than before.
person_shown_otherwise = _news.signal("person-shown-otherwise")

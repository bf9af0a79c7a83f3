"""Signals of signatures for the rooms above, sent in the transaction that writes the change.

Receivers get the session as sender.
"""

from __future__ import annotations

from blinker import Namespace

_news = Namespace()
# signature_id: it left the list, and its name is sealed from now on.
signature_sealed = _news.signal("signature-sealed")
# statement_id: of somebody who had asked for news the address is gone, or is another from now on.
contact_gone = _news.signal("contact-gone")
# signature_id: it may be listed again, and its name stands in clear.
signature_shown = _news.signal("signature-shown")

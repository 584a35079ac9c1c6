"""The request id of a form: one for one content, also after a break or another start.

Owns making it; that the same id is the same act is the service's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import NAMESPACE_OID, uuid4, uuid5

_KEPT = "request-nonce"


class OneRequest:
    """Ids of what one form asks for; other content, or the same after it is done, is another."""

    def __init__(self) -> None:
        self._nonce = uuid4().hex

    def id_of(self, values: Mapping[str, str]) -> str:
        """Give the request id of a content."""
        content = json.dumps([self._nonce, sorted(values.items())], ensure_ascii=False)
        return uuid5(NAMESPACE_OID, content).hex

    def kept(self, _values: Mapping[str, str]) -> dict[str, str]:
        """Give what is kept beside the form's draft."""
        return {_KEPT: self._nonce}

    def take(self, kept: Mapping[str, str]) -> None:
        """Take up what was kept with a draft."""
        self._nonce = kept.get(_KEPT, self._nonce)

    def finish(self) -> None:
        """The act is done: what comes next is another request."""
        self._nonce = uuid4().hex

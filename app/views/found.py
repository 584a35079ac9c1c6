"""What the global search found, as the search box shows it and the pages take it.

Owns which page opens what; finding is the service's.
"""

from __future__ import annotations

from app.services.listings.search import Found, SearchResult, search
from app.services.registry.context import OpenRegistry
from app.views.frame.search_box import SearchHit
from app.views.presenters.project_key import write_project_key

_PAGES = {
    Found.ACCOUNT: "accounts",
    Found.PROJECT: "projects",
    Found.TRANSACTION: "transactions",
    Found.BLOCK: "accounts",
    Found.CERTIFICATE: "certificates",
}


def find_hits(registry: OpenRegistry, words: str) -> list[SearchHit]:
    """Find what the words may mean; called off the window's thread."""
    return [
        SearchHit(_PAGES[found.kind], _target(found), found.title, found.detail)
        for found in search(registry, words)
    ]


def _target(found: SearchResult) -> str:
    if found.kind is Found.PROJECT:
        origin = found.detail.removesuffix(found.key).strip()
        return write_project_key(origin, found.key)
    if found.kind is Found.BLOCK:
        # A block is shown in its account, whose number ends the detail.
        return found.detail.rpartition(" · ")[2]
    return found.key

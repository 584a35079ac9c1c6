"""Checks of a conversion: which source units may be reissued, and that each is reissued once."""

from __future__ import annotations

import re

from app.services.checks.engine import Values
from app.services.transactions.acts import Conversion
from app.services.transactions.facts import Facts, NamedSource
from app.services.transactions.planning import Plan

CONVERTIBLE = "CER"
"""The one unit type of another scheme that is converted; tCER and lCER are not permanent."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


def _conversion(facts: Facts) -> Conversion:
    assert isinstance(facts.act, Conversion)
    return facts.act


def _named(facts: Facts, problem: str) -> NamedSource | None:
    return next((item for item in facts.named_sources if item.problem == problem), None)


def check_attestation_digest(facts: Facts, plan: Plan) -> Values | None:
    """Refuse an attestation digest that is not a SHA-256 in hexadecimal."""
    digest = _conversion(facts).attestation_sha256
    return None if _SHA256.fullmatch(digest) else {"digest": digest}


def check_sources_named(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a conversion that names no source serial."""
    return None if _conversion(facts).source_serials else {}


def check_sources_readable(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a source serial that no grammar reads."""
    wrong = _named(facts, "unreadable")
    return None if wrong is None else {"serial": wrong.text}


def check_sources_registered(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a source serial of which some unit is in no voluntary-cancellation record."""
    wrong = _named(facts, "unregistered")
    return None if wrong is None else {"serial": wrong.text}


def check_sources_whole(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a part of a registered range: what is registered as one converts as one."""
    wrong = _named(facts, "part")
    return None if wrong is None else {"serial": wrong.text, "registered": wrong.registered}


def check_sources_named_once(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a source unit that is named twice, however it is spelled."""
    seen: set[int] = set()
    for source in facts.sources:
        if source.id in seen:
            return {"serial": source.serial}
        seen.add(source.id)
    return None


def check_sources_unconverted(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a source serial that another conversion took, pending or completed."""
    for source in facts.sources:
        if source.converted_by is not None:
            return {
                "serial": source.serial,
                "transaction": f"{facts.country}{source.converted_by}",
            }
    return None


def check_source_type(facts: Facts, plan: Plan) -> Values | None:
    """Refuse units of any scheme or type but the CDM's CER."""
    for source in facts.sources:
        if source.unit_type != CONVERTIBLE:
            return {"serial": source.serial, "unit_type": source.unit_type}
    return None


def check_host_country(facts: Facts, plan: Plan) -> Values | None:
    """Refuse units of projects that another country hosted."""
    country = _conversion(facts).host_country
    return None if country == facts.country else {"country": country, "own": facts.country}


def check_source_host_country(facts: Facts, plan: Plan) -> Values | None:
    """Refuse source units whose record names another host country than the proposal."""
    for source in facts.sources:
        if source.host_country != _conversion(facts).host_country:
            return {"serial": source.serial, "country": source.host_country}
    return None


def check_attestation_registered(facts: Facts, plan: Plan) -> Values | None:
    """Refuse another attestation than the one registered with the source units."""
    digest = _conversion(facts).attestation_sha256
    for source in facts.sources:
        if source.attestation_sha256 != digest:
            return {"serial": source.serial, "digest": source.attestation_sha256}
    return None


def check_source_vintage(facts: Facts, plan: Plan) -> Values | None:
    """Refuse another vintage than the record gives the source units, where it gives one."""
    vintage = _conversion(facts).vintage
    for source in facts.sources:
        if source.vintage is not None and source.vintage != vintage:
            return {"serial": source.serial, "recorded": source.vintage, "vintage": vintage}
    return None


def check_vintage_begun(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a vintage that has not begun: nothing was reduced in it yet."""
    vintage = _conversion(facts).vintage
    return None if vintage <= facts.today.year else {"vintage": vintage}

"""The acts a person proposes from the command line, and what each takes as input.

Owns the words of `--help` alone; reading and judging an act is the services'.
"""

from __future__ import annotations

INPUT = """Input (amounts whole, accounts by number; "?": may be left out):
  issuance             {"project", "account", "unit_type", "vintage", "quantity",
                        "monitoring_period": {"from", "to"},
                        "verified": {"quantity", "reference", "document_sha256"}}
  transfer             {"from", "to", "unit_type", "quantity", "project"?, "vintage"?,
                        "blocks"?: [{"serial"}], "reason"?}
  conversion           {"source_serials": [...], "host_country", "attestation_sha256",
                        "account", "project", "vintage"}
  rollback             {"transaction", "reason"}
All that follow begin as {"from", "unit_type", "quantity", "project"?, "vintage"?, "blocks"?}:
  cancellation         … "kind"?: voluntary|mandatory|corrective|net-source|non-compliance|
                        excess-issuance, "beneficiary"?, "purpose"?, "notice"?
  retirement           … "period"?, "beneficiary"?, "purpose"?
  carry-over           … "period"?
  expiry-change        … "to_expiry", "notice"?, "reason"?
  replacement          … "replaced": [{"serial"}],
                        "kind": tCER-expiry|lCER-expiry|lCER-reversal|lCER-report, "notice"?
  external-transfer    … "registry", "account", "notice"?, "reason"?
  corrective-transfer  … "to", "corrects", "reason"
  closure-transfer     … "to", "reason"?
  buffer-deposit       … "to", "reason"
  buffer-hold          … "reason"
  buffer-return        … "to", "reason"
  buffer-release       … "to", "reason"
  buffer-cancellation  … "reversed_project", "reason", "reference"?, "notice"?
  buffer-compensation  … "over_issued", "reason", "notice"?
Units that another registry sent:
  acquisition          {"origin", "project", "account", "unit_type", "vintage"?, "quantity",
                        "serial", "expires_on"?, "issued_on"?, "sender_registry",
                        "sender_account"?, "reference"}"""

TYPES = (
    "issuance",
    "transfer",
    "cancellation",
    "conversion",
    "rollback",
    "retirement",
    "carry-over",
    "expiry-change",
    "replacement",
    "external-transfer",
    "acquisition",
    "corrective-transfer",
    "closure-transfer",
    "buffer-deposit",
    "buffer-hold",
    "buffer-return",
    "buffer-release",
    "buffer-cancellation",
    "buffer-compensation",
)

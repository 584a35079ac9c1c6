"""Each sentence of the domain that says never, only or must, and what holds it.

`domain.md` is the map the product is built by; its sentences are quoted here. What holds one is
the code of a check or a refusal, a guard of the database, or a test by its file and name.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.models.guards.sqlite_0002 import STATEMENTS
from app.services.checks.catalogue import CATALOGUE
from app.services.checks.not_applicable import NOT_APPLICABLE
from app.services.checks.refusals import REFUSALS

TESTS = Path(__file__).parents[3] / "tests"
CODES = {check.code for check in CATALOGUE} | {row.code for row in REFUSALS}
GUARDS = set(re.findall(r"CREATE TRIGGER (\w+)", " ".join(STATEMENTS)))

Holder = int | str

SENTENCES: list[tuple[str, list[Holder]]] = [
    # People
    ("registry officer … never approves what they proposed", [9103, "guard_transaction_approver"]),
    ("registry approver … never approves their own", [9103, "guard_transaction_approver"]),
    ("committee member … never edits records", [9101, 9402, "guard_person_identity"]),
    ("registry administrator … never appears as maker and checker of one act",
     [9103, "guard_transaction_approver", "guard_rule_change_approver"]),
    ("field technician … never touches units", [9101, 9102]),
    ("auditor … never changes anything", [9101, 9102, 9402, 9420]),
    # Accounts
    ("Every change has a reason and an actor", [9406, "guard_account_change_update"]),
    ("a closed account never reopens", [9404, "guard_account_closed"]),
    ("an account with units or pending transactions cannot close",
     [9407, 9409, "guard_account_close_units"]),
    ("export and erase what the law allows, never ledger rows",
     ["guard_registry_transaction_delete", "guard_unit_block_delete", "guard_log_entry_delete",
      "services/registry/test_creating.py::test_no_personal_data_enters_the_log"]),
    # Units and serial numbers
    ("Quantities are whole units", [3008]),
    ("Other registries' serials must be read and printed back exactly",
     ["models/serials/test_serial_properties.py::test_printing_gives_back_what_was_read",
      ("models/serials/test_serial_examples.py::"
      "test_published_serial_prints_back_and_agrees_with_the_published_quantity")]),
    ("No two live blocks of one series overlap, ever", [9153, "guard_block_overlap"]),
    (("Units are conserved: what was issued or received equals what is held, cancelled, retired, "
     "replaced or sent away"),
     ["guard_block_content", "guard_transaction_quantity", "block_split_head",
      ("services/transactions/test_units_abroad.py::"
      "test_units_come_in_as_the_senders_record_says_and_go_on")]),
    # Transactions
    ("the quantity must reconcile with a verified-reduction record", [9205, 9206]),
    ("account and project are bound", [9203]),
    ("nothing issued twice for one monitoring period", [9207, "guard_reduction_issued_once"]),
    ("levy … at the rate valid on that date", [9210]),
    ("expiry is set from the rule table (code 99: none)", [9211]),
    (("reserve and maximum-transfer-volume rules … apply to allowance units the account was itself "
     "issued, not to units it acquired"), [9662, 9663]),
    ("Thai CDM projects only", [9557, 9558]),
    ("reissued as TER after the committee approves", ["guard_transaction_quorum"]),
    ("every attribute of the source units is kept", ["guard_source_unit_content"]),
    ("a source serial converts once, ever",
     [9556, "guard_source_unit_overlap", "guard_source_unit_once"]),
    ("cancellation … Never rolled back", [9571, "guard_block_ended", "guard_transaction_reverses"]),
    ("expired units go to mandatory cancellation",
     [9152, 3005, ("services/transactions/test_ending_units.py::"
      "test_expired_units_are_cancelled_mandatorily_and_nothing_else")]),
    ("carry-over … per commitment period", [3001, 3002, 3003, 9240, 9241]),
    ("replacement … per commitment period", [9230, 9232, 9234]),
    ("expiry-date change", [9245, 9248, "guard_block_expiry"]),
    ("rollback: transfers only", [9572, "guard_transaction_reverses"]),
    ("rollback: administrator plus approver", [9101, 9102]),
    ("rollback: within a set window", [3020]),
    ("only while the very same units are still where the transfer put them",
     ["guard_transaction_rolled_back_moved"]),
    ("recorded as its own transaction, never as a deletion",
     ["guard_registry_transaction_delete", "guard_transaction_final"]),
    ("Imported units … keep their own rules: no levy, expiry as their record says",
     ["services/imports/test_real_exports.py::test_imported_units_have_no_levy_and_no_expiry"]),
    ("Units are reserved while a transaction is pending and released when it ends any other way",
     [9151, "guard_block_reserve", "guard_block_release"]),
    ("Every status change is kept", ["guard_transaction_event_delete"]),
    # Checks
    ("All failures of one category are reported together, later categories are then skipped",
     [("services/checks/test_catalogue.py::"
      "test_all_failures_of_a_category_are_told_and_the_passed_are_counted")]),
    # Buffer
    (("the administrator, with approval, deposits, holds, releases back to a project, or cancels "
     "from it against a reversal"), [9101, 9102, 9260, 9262]),
    ("over-issuance is compensated from the project's own units or from bought ones",
     [9265, 9266, 9267]),
    ("Each scheme has its own buffer", [2006, 9263]),
    # Rule tables
    ("ranges of one rule never overlap", ["guard_rule_range"]),
    ("each row is valid for a date range inside a commitment period", [9611]),
    ("changing a rule is itself proposed, approved and logged",
     ["guard_rule_approved", "guard_rule_change_approver"]),
    ("the rule that applied to a transaction is recorded with it",
     ["guard_transaction_rule_update"]),
    # Compliance and notices
    ("Notifications … and their fulfilment tracked by linked transactions",
     [9220, 9221, 9222, 9223, 9224]),
    ("mandatory cancellation of what is neither carried over nor valid", [9243, 9106]),
    # Records
    ("an append-only log that shows tampering",
     ["guard_log_entry_update", "guard_log_entry_delete", "guard_log_entry_sequence"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "holders"), SENTENCES, ids=[sentence[:60] for sentence, _ in SENTENCES]
)
def test_what_holds_the_sentence_is_there(sentence: str, holders: list[Holder]) -> None:
    assert holders, sentence
    for holder in holders:
        if isinstance(holder, int):
            assert holder in CODES, f"{sentence}: no check or refusal {holder}"
        elif "::" in holder:
            file, name = holder.split("::")
            assert f"def {name}(" in (TESTS / file).read_text(encoding="utf-8"), holder
        else:
            assert holder in GUARDS, f"{sentence}: no guard {holder}"


def test_no_sentence_leans_on_a_check_that_does_not_apply() -> None:
    left_out = {row.code for row in NOT_APPLICABLE}
    named = {holder for _, holders in SENTENCES for holder in holders if isinstance(holder, int)}
    assert not named & left_out

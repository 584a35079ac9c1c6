from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.models.errors import DiskFull
from app.services.drafts import KeptDraft
from app.views.components.block_bar import Block, BlockBar
from app.views.components.checks_panel import CheckLine, ChecksSummary, CheckState
from app.views.components.fields import Field, FieldKind, FieldProblem, Option
from app.views.components.form import Form, FormPlan
from app.views.desk import Desk

PLAN = FormPlan(
    name="transfer",
    title_key="form.outcome",
    act_key="table.copy",
    fields=(
        Field(
            "account",
            "table.columns",
            FieldKind.CHOICE,
            options=(Option("1042", "TH-100-1042 Ban Huai Sak"), Option("2210", "TH-100-2210")),
        ),
        Field("quantity", "table.sort_by", FieldKind.QUANTITY, half=True),
        Field("day", "table.filter", FieldKind.DATE, half=True),
        Field(
            "blocks", "checks.title", FieldKind.SEGMENTS, options=(Option("fifo"), Option("pick"))
        ),
        Field("reason", "table.refresh", FieldKind.MULTILINE, optional=True),
        Field("document", "form.choose_file", FieldKind.FILE),
        Field("secret", "form.calendar", FieldKind.SECRET),
    ),
)


class Drafts:
    """A draft store in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, str]] = {}
        self.saves = 0
        self.error: Exception | None = None

    def load(self, form_name: str) -> dict[str, str]:
        return self.kept.get(form_name, {})

    def list_kept(self, beginning: str) -> tuple[KeptDraft, ...]:
        return ()

    def save(self, form_name: str, values: dict[str, str]) -> None:
        self.saves += 1
        if self.error is not None:
            raise self.error
        self.kept[form_name] = values

    def clear(self, form_name: str) -> None:
        self.kept.pop(form_name, None)


@pytest.fixture
def drafts() -> Drafts:
    return Drafts()


@pytest.fixture
def form(desk: Desk, qtbot: QtBot, drafts: Drafts) -> Form:
    made = Form(desk, PLAN, drafts=drafts)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


def type_into(form: Form, key: str, text: str) -> None:
    control = form.field(key).control
    control.setFocus()
    QTest.keyClicks(control, text)


def test_typing_tells_all_values_once(form: Form, qtbot: QtBot) -> None:
    heard: list[dict[str, str]] = []
    form.changed.connect(heard.append)
    with qtbot.waitSignal(form.changed):
        type_into(form, "quantity", "12500")
    assert len(heard) == 1
    assert heard[0]["quantity"] == "12500"
    assert heard[0]["blocks"] == "fifo"
    assert set(heard[0]) == {field.key for field in PLAN.fields}


def test_quantity_is_grouped_and_read_plain(form: Form) -> None:
    form.set_values({"quantity": "48200"})
    entry = form.field("quantity")
    assert entry.control.property("text") == "48,200"
    assert entry.value() == "48200"
    form.set_values({"quantity": "12x"})
    assert entry.value() == "12x", "what was typed is kept, right or wrong"


def test_day_is_read_in_both_eras_and_written_out(form: Form) -> None:
    form.set_values({"day": "2569-11-21"})
    assert form.values()["day"] == "2026-11-21"
    form.set_values({"day": "tomorrow"})
    assert form.values()["day"] == "tomorrow"


def test_choice_is_found_by_any_of_its_words(form: Form, qtbot: QtBot) -> None:
    type_into(form, "account", "TH-100-1042 ban huai sak")
    QTest.keyClick(form.field("account").control, Qt.Key.Key_Return)
    assert form.values()["account"] == "1042"


def test_choice_keeps_its_value_when_options_change(form: Form) -> None:
    form.set_values({"account": "2210"})
    form.field("account").set_options((Option("1", "one"), Option("2210", "Green Thai")))
    assert form.values()["account"] == "2210"


def test_segments_choose_one(form: Form, qtbot: QtBot) -> None:
    form.set_values({"blocks": "pick"})
    assert form.values()["blocks"] == "pick"


def test_file_keeps_the_path(form: Form, tmp_path: Path) -> None:
    path = str(tmp_path / "attestation.pdf")
    form.set_values({"document": path})
    assert form.values()["document"] == path


def test_problems_stand_under_their_field_and_values_stay(form: Form) -> None:
    form.set_values({"quantity": "99"})
    form.show_problems(
        [
            FieldProblem("quantity", "4003", "More than is free."),
            FieldProblem("", "4001", "The account is blocked."),
        ],
        focus=True,
    )
    assert form.problem_of("quantity") == "4003 · More than is free."
    assert "The account is blocked." in form.message.title
    assert form.values()["quantity"] == "99"
    assert form.field("quantity").control.property("problem") is True
    form.show_problems([])
    assert form.problem_of("quantity") == ""
    assert not form.message.isVisible()


def test_act_runs_once_however_often_it_is_pressed(form: Form, qtbot: QtBot) -> None:
    submitted: list[dict[str, str]] = []
    form.submitted.connect(submitted.append)
    form.act.setFocus()
    for _ in range(3):
        QTest.mouseDClick(form.act, Qt.MouseButton.LeftButton)
        QTest.keyClick(form.act, Qt.Key.Key_Space)
    assert len(submitted) == 1
    form.set_running(running=False)
    form.act.click()
    assert len(submitted) == 2


def test_what_no_quantity_is_stays_as_it_was_pasted(form: Form) -> None:
    entry = form.field("quantity")
    line = entry.control
    QGuiApplication.clipboard().setText("9" * 30_000)
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert entry.value() == "9" * 30_000
    assert form.isVisible()


def test_a_word_without_end_leaves_the_form_in_its_window(form: Form) -> None:
    form.show_problems([FieldProblem("quantity", "", f"“{'9' * 30_000}” is no whole number")])
    form.show_problems([FieldProblem("reason", "", "W" * 200)])
    QApplication.processEvents()
    assert form.problem_of("reason") == "W" * 200
    box = form.field("reason").control
    assert box.visibleRegion().boundingRect().width() == box.width()
    assert form.act.visibleRegion().boundingRect().width() == form.act.width()


def test_blocked_act_says_why(form: Form) -> None:
    form.block("Two checks refuse it.")
    assert not form.act.isEnabled()
    assert form.act.toolTip() == "Two checks refuse it."
    form.block("")
    assert form.act.isEnabled()


def test_draft_is_kept_without_secrets_and_comes_back(
    desk: Desk, form: Form, drafts: Drafts, qtbot: QtBot
) -> None:
    form.set_values({"secret": "correct horse"})
    type_into(form, "reason", "Sale contract")
    qtbot.waitUntil(lambda: "transfer" in drafts.kept)
    assert drafts.kept["transfer"]["reason"] == "Sale contract"
    assert "secret" not in drafts.kept["transfer"]
    qtbot.waitUntil(lambda: "Draft saved" in form._status.text())
    other = Form(desk, PLAN, drafts=drafts)
    qtbot.addWidget(other)
    with qtbot.waitSignal(other.changed):
        other.restore_draft()
    assert other.values()["reason"] == "Sale contract"
    form.finish()
    qtbot.waitUntil(lambda: not drafts.kept)
    assert form.values()["reason"] == ""


def test_a_draft_that_cannot_be_kept_is_said_beside_the_act_and_tried_again(
    desk: Desk, form: Form, drafts: Drafts, qtbot: QtBot
) -> None:
    dialogs: list[object] = []
    desk.tasks.failed.connect(dialogs.append)
    drafts.error = DiskFull("The disk is full.")
    type_into(form, "reason", "Sale")
    qtbot.waitUntil(lambda: "not saved: The disk is full." in form._status.text())
    drafts.error = None
    type_into(form, "reason", " contract")
    qtbot.waitUntil(lambda: "Draft saved" in form._status.text())
    assert drafts.kept["transfer"]["reason"] == "Sale contract"
    assert dialogs == []


def test_what_was_typed_last_is_kept_when_the_desk_goes(
    desk: Desk, form: Form, drafts: Drafts
) -> None:
    type_into(form, "reason", "Sale contract")
    form.keep_draft()
    assert desk.tasks.shut_down()
    assert drafts.kept["transfer"]["reason"] == "Sale contract"


def test_checks_show_failures_first_with_counts(form: Form) -> None:
    form.show_checks(
        ChecksSummary(
            passed=19,
            lines=(
                CheckLine("3005", CheckState.PASSED, "Within the free balance"),
                CheckLine("4003", CheckState.FAILED, "Account is blocked"),
            ),
        )
    )
    chips = form.checks._chips
    assert chips[CheckState.PASSED].text() == "19 passed"
    assert chips[CheckState.FAILED].text() == "1 refused"
    assert not chips[CheckState.NOTE].isVisible()


def test_every_control_has_a_name(form: Form) -> None:
    for field in PLAN.fields:
        entry = form.field(field.key)
        assert entry.control.accessibleName(), field.key
    for line in form.findChildren(QLineEdit):
        assert line.accessibleName()


def test_block_bar_says_what_moves_and_stays(desk: Desk, qtbot: QtBot) -> None:
    bar = BlockBar(desk)
    qtbot.addWidget(bar)
    bar.show_blocks([Block(8_000, moves=True), Block(15_000, moves=False, caption="2568")])
    assert bar.accessibleDescription() == "8,000 moves; 15,000 stay"
    bar.resize(600, bar.sizeHint().height())
    bar.show()
    picture = bar.grab().toImage()
    left = picture.pixelColor(4, 4).name().upper()
    right = picture.pixelColor(picture.width() - 6, 4).name().upper()
    assert (left, right) == (desk.theme.palette.leaf, desk.theme.palette.teak_tint)

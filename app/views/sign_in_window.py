"""Signing in, and unlocking: user name, passphrase, one-time code.

Owns the entering; whether it is right is the injected callable's, off the window's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.views.components.cards import Card
from app.views.components.fields import Field, FieldKind
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import (
    IconLabel,
    role_label,
    rule,
    text_button,
    wrapped_label,
)
from app.views.components.message_bar import MessageBar
from app.views.components.scrolling import make_scrolling
from app.views.desk import Desk
from app.views.frame.top_bar import LanguageSwitch, ThemeSwitch
from app.views.theme.tokens import (
    DEMO_PANEL_WIDTH,
    GAP_L,
    GAP_M,
    GAP_S,
    GAP_XL,
    GAP_XS,
    ICON_EMPTY,
    SIGN_IN_WIDTH,
    WINDOW_MINIMUM,
    Tone,
)

_TICK_MS = 1000


@dataclass(frozen=True)
class DemoPerson:
    """A person of the demo registry with the code that holds now, and for how long."""

    user_name: str
    name: str
    role_key: str
    passphrase: str
    code: str
    seconds_left: int


SignIn: TypeAlias = Callable[[str, str, str], Any]
DemoPeople: TypeAlias = Callable[[], Sequence[DemoPerson]]


_USER = Field("user", "sign_in.user")
_PASSPHRASE = Field("passphrase", "sign_in.passphrase", FieldKind.SECRET)
_CODE = Field("code", "sign_in.code", hint_key="sign_in.code_hint")


class SignInPanel(QWidget):
    """The sign-in card, and beside it the demo people if there are any.

    With `locked_user` it unlocks: the name stands fast, and `other_person_asked` follows
    the second button. `is_over` says that their session has ended instead.
    `signed_in` carries what the callable returned; with `offers_other` a button leads
    back to the choice of a registry: `other_registry_asked`.
    """

    signed_in = Signal(object)
    other_person_asked = Signal()
    other_registry_asked = Signal()

    def __init__(
        self,
        desk: Desk,
        sign_in: SignIn,
        *,
        registry_name: str = "",
        demo_people: DemoPeople | None = None,
        locked_user: str = "",
        is_over: bool = False,
        offers_other: bool = False,
    ) -> None:
        super().__init__()
        self._offers_other = offers_other
        self._desk = desk
        self._sign_in = sign_in
        self._locked_user = locked_user
        self._state = ("over" if is_over else "locked") if locked_user else ""
        self._running = False
        self.setProperty("role", "page")
        self.message = MessageBar(desk)
        self.user = LabelledField(desk, _USER)
        self.passphrase = LabelledField(desk, _PASSPHRASE)
        self.code = LabelledField(desk, _CODE)
        self.act = text_button(
            desk, "sign_in.unlock" if self._state == "locked" else "sign_in.act", kind="primary"
        )
        self.demo = DemoPanel(desk, demo_people, locked_user) if demo_people else None
        self._build(registry_name)
        self._connect()

    def fill(self, person: DemoPerson) -> None:
        """Fill the fields with a demo person and the code that holds now."""
        if not self._locked_user:
            self.user.entry.set_value(person.user_name)
        self.passphrase.entry.set_value(person.passphrase)
        self.code.entry.set_value(person.code)
        self.act.setFocus()

    def submit(self) -> None:
        """Try to sign in with what is entered."""
        if self._running:
            return
        user = self._locked_user or self.user.entry.value()
        secret, code = self.passphrase.entry.value(), self.code.entry.value().replace(" ", "")
        missing = next((each for each in self._fields() if not each.entry.value()), None)
        if missing is not None:
            missing.entry.setFocus()
            return
        self._set_running(running=True)
        self.message.clear()
        self._desk.tasks.run(
            lambda: self._sign_in(user, secret, code),
            on_done=self._finish,
            on_error=self._refuse,
            on_finished=lambda: self._set_running(running=False),
            owner=self,
        )

    def _fields(self) -> list[LabelledField]:
        first = [] if self._locked_user else [self.user]
        return [*first, self.passphrase, self.code]

    def _finish(self, result: object) -> None:
        self._clear_secrets()
        self.signed_in.emit(result)

    def _refuse(self, error: Exception) -> None:
        self._clear_secrets()
        self.message.say_problem(error)
        self.passphrase.entry.setFocus()

    def _clear_secrets(self) -> None:
        self.passphrase.entry.set_value("")
        self.code.entry.set_value("")

    def _set_running(self, *, running: bool) -> None:
        self._running = running
        self.act.setEnabled(not running)

    def _build(self, registry_name: str) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GAP_XL, GAP_L, GAP_L, GAP_XL)
        switches = QHBoxLayout()
        switches.addStretch()
        switches.addWidget(LanguageSwitch(self._desk))
        switches.addWidget(ThemeSwitch(self._desk))
        middle = QHBoxLayout()
        middle.setSpacing(GAP_XL)
        middle.addStretch()
        top = Qt.AlignmentFlag.AlignTop
        middle.addWidget(self._build_card(registry_name), alignment=top)
        if self.demo is not None:
            self.demo.chosen.connect(self.fill)
            column = QVBoxLayout()
            column.addWidget(self.demo)
            column.addStretch(1)
            area = make_scrolling(column)
            area.setFixedWidth(DEMO_PANEL_WIDTH + GAP_XL)
            middle.addWidget(area)
        middle.addStretch()
        outer.addStretch(1)
        # Twelve people are higher than a small screen; they scroll, the fields stay in sight.
        outer.addLayout(middle, 0 if self.demo is None else 100)
        outer.addStretch(2)
        # Drawn first but added last: Tab begins with the fields.
        outer.insertLayout(0, switches)

    def _build_card(self, registry_name: str) -> Card:
        card = Card(self._desk)
        card.setFixedWidth(SIGN_IN_WIDTH)
        card.body.addLayout(self._build_head(registry_name))
        sentence = wrapped_label("muted")
        key = f"sign_in.{self._state}_sentence" if self._state else "sign_in.sentence"
        self._desk.language.keep(sentence, sentence.setText, key, user=self._locked_user)
        card.body.addWidget(sentence)
        card.body.addWidget(self.message)
        if self._locked_user:
            self.user.hide()
        for labelled in (self.user, self.passphrase, self.code):
            card.body.addWidget(labelled)
        card.body.addWidget(self.act)
        if self._locked_user:
            other = text_button(self._desk, "sign_in.other_person", kind="quiet")
            other.clicked.connect(self.other_person_asked)
            card.body.addWidget(other)
        elif self._offers_other:
            another = text_button(self._desk, "welcome.another", kind="quiet")
            another.clicked.connect(self.other_registry_asked)
            card.body.addWidget(another)
        return card

    def _build_head(self, registry_name: str) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(GAP_M)
        picture = "lock" if self._locked_user else "trees"
        head.addWidget(
            IconLabel(self._desk, picture, lambda palette: palette.teak, size=ICON_EMPTY)
        )
        words = QVBoxLayout()
        words.setSpacing(0)
        title = role_label("title")
        key = f"sign_in.{self._state}_title" if self._state else "brand.name"
        self._desk.language.keep(title, title.setText, key)
        words.addWidget(title)
        if registry_name:
            words.addWidget(role_label("label", registry_name))
        head.addLayout(words, 1)
        return head

    def _connect(self) -> None:
        self.setFocusProxy(self._fields()[0].entry.control)
        self.act.clicked.connect(self.submit)
        for labelled in self._fields():
            control = labelled.entry.control
            if isinstance(control, QLineEdit):
                control.returnPressed.connect(self.submit)


class DemoPanel(Card):
    """The people of the demo registry, each with the code that holds now."""

    chosen = Signal(object)

    def __init__(self, desk: Desk, people: DemoPeople, only: str = "") -> None:
        super().__init__(desk, "sign_in.demo_title", icon="users")
        self._desk = desk
        self._people = people
        self._only = only
        self._rows: dict[str, _DemoRow] = {}
        self.setFixedWidth(DEMO_PANEL_WIDTH)
        self.body.setSpacing(GAP_XS)
        sentence = wrapped_label("label")
        desk.language.keep(sentence, sentence.setText, "sign_in.demo_sentence")
        self.body.addWidget(sentence)
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()
        self.tick()

    def tick(self) -> None:
        """Ask for the codes that hold now and show them."""
        self._desk.tasks.run(
            lambda: tuple(self._people()),
            on_done=self._show,
            latest_key="demo-people",
            owner=self,
        )

    def _show(self, people: tuple[DemoPerson, ...]) -> None:
        for person in people:
            if self._only and person.user_name != self._only:
                continue
            if person.user_name not in self._rows:
                self._add(person)
            self._rows[person.user_name].show_person(person)

    def _add(self, person: DemoPerson) -> None:
        if self._rows:
            self.body.addWidget(rule())
        row = _DemoRow(self._desk, person)
        row.clicked.connect(lambda: self.chosen.emit(row.person))
        self._rows[person.user_name] = row
        self.body.addWidget(row)


class _DemoRow(QPushButton):
    """One demo person: a click fills the fields."""

    def __init__(self, desk: Desk, person: DemoPerson) -> None:
        super().__init__()
        self._desk = desk
        self.person = person
        self.setProperty("kind", "quiet")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_S, GAP_XS, GAP_S, GAP_XS)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._role = role_label("label")
        words.addWidget(role_label("strong", person.user_name))
        words.addWidget(self._role)
        row.addLayout(words, 1)
        figures = QVBoxLayout()
        figures.setSpacing(0)
        self._code = role_label("strong", tone=Tone.LEAF)
        self._left = role_label("label")
        for label in (self._code, self._left):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            figures.addWidget(label)
        row.addLayout(figures)
        # A button is as high as one line of its own; this one as its four labels need.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        desk.language.keep(self._role, self._role.setText, person.role_key)

    def sizeHint(self) -> QSize:
        """Give what the labels need."""
        layout = self.layout()
        return super().sizeHint() if layout is None else layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Need no less."""
        return self.sizeHint()

    def show_person(self, person: DemoPerson) -> None:
        """Show the code that holds now."""
        self.person = person
        language = self._desk.language
        self._code.setText(f"{person.code[:3]} {person.code[3:]}")
        self._left.setText(language.text("sign_in.seconds_left", count=person.seconds_left))
        name = language.text("sign_in.fill", user=person.user_name)
        self.setAccessibleName(name)
        self.setToolTip(name)


class SignInWindow(QFrame):
    """The window one signs in with; `panel.signed_in` carries the result."""

    def __init__(
        self,
        desk: Desk,
        sign_in: SignIn,
        *,
        registry_name: str = "",
        demo_people: DemoPeople | None = None,
        offers_other: bool = False,
    ) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.panel = SignInPanel(
            desk,
            sign_in,
            registry_name=registry_name,
            demo_people=demo_people,
            offers_other=offers_other,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panel)
        self.setMinimumSize(*WINDOW_MINIMUM)
        desk.language.keep(self, self.setWindowTitle, "brand.name")
        desk.theme.keep_icon(self, self.setWindowIcon, "trees", lambda palette: palette.teak)

    def showEvent(self, event: QShowEvent) -> None:
        """Stand where typing begins."""
        super().showEvent(event)
        self.panel.setFocus()

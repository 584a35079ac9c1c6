"""The Qt style sheet, built from the tokens.

Owns how each kind of widget is dressed; must not hold a colour or a measure of its own.
Widgets say what they are with the dynamic properties `role` (labels and frames), `kind`
(buttons) and `tone`.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from string import Template

from app.views.theme import tokens
from app.views.theme.icons import write_tinted
from app.views.theme.tokens import Palette, TextStyle, Tone, tone_colours

_SURFACES = Template("""
QWidget { color: $ink; }
QMainWindow, QDialog, QWidget[role="page"], QStackedWidget[role="page"] { background: $page; }
QFrame[role="card"] { background: $paper; border: ${hair}px solid $line;
  border-radius: ${card_radius}px; }
QFrame[role="top-bar"] { background: $rail; border: none; border-bottom: ${hair}px solid $line; }
QFrame[role="status-bar"] { background: $rail; border: none; border-top: ${hair}px solid $line; }
QWidget[role="rail"] { background: $rail; border: none; }
QFrame[role="rail-edge"] { background: $rail; border: none; border-right: ${hair}px solid $line; }
QFrame[role="rule"] { background: $line; border: none; }
QScrollArea, QScrollArea > QWidget > QWidget[role="clear"] { background: transparent;
  border: none; }
QToolTip { background: $paper; color: $ink; border: ${hair}px solid $line;
  padding: ${gap_xs}px ${gap_s}px; }
QSplitter::handle { background: transparent; }
""")

_BUTTONS = Template("""
QPushButton { background: $paper; color: $ink; border: ${hair}px solid $line;
  border-radius: ${radius}px; padding: 0 ${gap_l}px; min-height: ${inner}px; font-weight: 600; }
QPushButton:hover { background: $rail; border-color: $muted; }
QPushButton:pressed { background: $page; }
QPushButton:focus { border: ${focus}px solid $leaf; padding: 0 ${gap_l_less}px;
  min-height: ${inner_focus}px; }
QPushButton:disabled { color: $muted; background: $page; border-color: $line; }
QPushButton[kind="primary"] { background: $leaf; color: $on_leaf; border-color: $leaf; }
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {
  background: $leaf_pressed; border-color: $leaf_pressed; }
QPushButton[kind="primary"]:focus { border: ${focus}px solid $ink; }
QPushButton[kind="primary"]:disabled { background: $page; color: $muted; border-color: $line; }
QPushButton[kind="danger"] { color: $red; border-color: $red; }
QPushButton[kind="danger"]:disabled { color: $muted; border-color: $line; }
QPushButton[kind="quiet"], QToolButton { background: transparent; border: ${hair}px solid
  transparent; border-radius: ${radius}px; padding: ${gap_xs}px ${gap_s}px; font-weight: 400;
  color: $ink; }
QPushButton[kind="quiet"]:hover, QToolButton:hover { background: $page; }
QToolButton:checked, QPushButton[kind="quiet"]:checked,
QPushButton[kind="secondary"]:checked { background: $leaf_tint; color: $leaf; }
QPushButton[kind="quiet"]:focus, QToolButton:focus { border: ${focus}px solid $leaf;
  padding: ${gap_xs_less}px ${gap_s_less}px; }
QToolButton::menu-indicator { image: none; }
QPushButton[kind="choice"] { text-align: left; font-weight: 600; padding: ${gap_s}px ${gap_l}px; }
QPushButton[kind="choice"]:checked { background: $leaf_tint; color: $leaf;
  border: ${focus}px solid $leaf; }
QPushButton[kind="choice"]:focus { border: ${focus}px solid $leaf; }
QLineEdit[role="number"] { $figure }
QPushButton[kind="navigation"] { background: transparent; border: ${hair}px solid transparent;
  border-radius: ${radius}px; text-align: left; padding: 0 ${gap_s}px; font-weight: 400;
  color: $ink; }
QPushButton[kind="navigation"]:hover { background: $page; }
QPushButton[kind="navigation"]:checked { background: $leaf_tint; color: $leaf;
  font-weight: 600; }
QPushButton[kind="navigation"]:focus { border: ${focus}px solid $leaf;
  padding: 0 ${gap_s_less}px; }
QPushButton[kind="field"] { text-align: left; padding: 0 ${gap_s}px; font-weight: 400; }
QPushButton[kind="field"]:focus { padding: 0 ${gap_s_less}px; }
QPushButton[kind="field"][problem="true"] { border: ${focus}px solid $red; }
QPushButton[kind="segment"] { background: $paper; font-weight: 400; border-radius: 0;
  border-left-width: 0; padding: 0 ${gap_s}px; }
QPushButton[kind="segment"][place="first"] { border-left-width: ${hair}px;
  border-top-left-radius: ${radius}px; border-bottom-left-radius: ${radius}px; }
QPushButton[kind="segment"][place="last"] { border-top-right-radius: ${radius}px;
  border-bottom-right-radius: ${radius}px; }
QPushButton[kind="segment"]:checked { background: $leaf_tint; color: $leaf; font-weight: 600; }
QPushButton[kind="segment"]:focus { border: ${focus}px solid $leaf; }
""")

_FIELDS = Template("""
QLineEdit, QPlainTextEdit, QComboBox, QDateEdit, QSpinBox { background: $paper; color: $ink;
  border: ${hair}px solid $line; border-radius: ${radius}px; padding: 0 ${gap_s}px;
  selection-background-color: $leaf; selection-color: $on_leaf; }
QLineEdit, QComboBox, QDateEdit, QSpinBox { min-height: ${inner}px; max-height: ${inner}px; }
QPlainTextEdit { padding: ${gap_xs}px ${gap_xs}px; }
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover { border-color: $muted; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus {
  border: ${focus}px solid $leaf; padding: 0 ${gap_s_less}px; }
QLineEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus {
  min-height: ${inner_focus}px; max-height: ${inner_focus}px; }
QPlainTextEdit:focus { padding: ${gap_xs_less}px ${gap_xs_less}px; }
QLineEdit[problem="true"], QPlainTextEdit[problem="true"], QComboBox[problem="true"] {
  border: ${focus}px solid $red; padding: 0 ${gap_s_less}px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { background: $page;
  color: $muted; }
QComboBox QLineEdit, QComboBox QLineEdit:focus { border: none; padding: 0; background: transparent;
  min-height: 0; }
QComboBox::drop-down { border: none; width: ${gap_xl}px; }
QComboBox::down-arrow { image: url($chevron); width: ${icon}px; height: ${icon}px; }
QCheckBox { spacing: ${gap_s}px; }
QCheckBox::indicator { width: ${icon}px; height: ${icon}px; border: ${hair}px solid $muted;
  border-radius: ${gap_xs}px; background: $paper; }
QCheckBox::indicator:checked { background: $leaf; border-color: $leaf; image: url($tick); }
QCheckBox:focus { color: $leaf; }
QCheckBox::indicator:focus { border: ${focus}px solid $leaf; }
QAbstractItemView { background: $paper; color: $ink; border: ${hair}px solid $line;
  selection-background-color: $leaf_tint; selection-color: $ink; outline: none; }
QComboBox QAbstractItemView::item { min-height: ${inner}px; padding: 0 ${gap_s}px; }
QMenu { background: $paper; border: ${hair}px solid $line; padding: ${gap_xs}px; }
QMenu::item { padding: ${gap_xs}px ${gap_xl}px; border-radius: ${gap_xs}px; }
QMenu::item:selected { background: $leaf_tint; color: $ink; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: ${hair}px; background: $line; margin: ${gap_xs}px; }
QCalendarWidget QWidget { alternate-background-color: $rail; }
QCalendarWidget QAbstractItemView:enabled { selection-background-color: $leaf;
  selection-color: $on_leaf; }
""")

_TABLES = Template("""
QTableView { background: $paper; border: none; gridline-color: transparent; outline: none;
  selection-background-color: $leaf_tint; selection-color: $ink; }
QHeaderView { background: $paper; border: none; }
QHeaderView::section { background: $paper; color: $muted; border: none;
  border-bottom: ${hair}px solid $line; padding: 0 ${gap_s}px; ${label_strong} }
QHeaderView::section:hover { color: $ink; }
QHeaderView::up-arrow { image: url($sort_up); width: ${gap_m}px; height: ${gap_m}px; }
QHeaderView::down-arrow { image: url($sort_down); width: ${gap_m}px; height: ${gap_m}px; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: ${gap_m}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${gap_m}px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: ${gap_xs}px; margin: ${focus}px; }
QScrollBar::handle:vertical { min-height: ${control}px; }
QScrollBar::handle:horizontal { min-width: ${control}px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: $line; border: none; border-radius: ${focus}px;
  max-height: ${gap_xs}px; min-height: ${gap_xs}px; }
QProgressBar::chunk { background: $leaf; border-radius: ${focus}px; }
QListView { border: none; }
QListView::item { min-height: ${control}px; padding: 0 ${gap_s}px; border-radius: ${gap_xs}px; }
QListView::item:selected { background: $leaf_tint; color: $ink; }
QListView:focus { border: ${hair}px solid $leaf; }
""")

_LABELS = Template("""
QLabel { background: transparent; border: none; }
QLabel[role="title"] { $title }
QLabel[role="card-title"], QLabel[role="strong"] { $strong }
QLabel[role="label"] { $label color: $muted; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="section"] { $section color: $muted; }
QLabel[role="figure"] { $figure }
QLabel[role="brand"] { $brand color: $teak; }
QLabel[role="small"] { $label }
QLabel[role="key"] { $label color: $muted; border: ${hair}px solid $line;
  border-radius: ${gap_xs}px; padding: 0 ${gap_xs}px; }
QLabel[role="code-large"] { $figure color: $leaf; }
""")


def _style(style: TextStyle) -> str:
    return f"font-size: {style.size}px; font-weight: {style.weight};"


def _measures() -> dict[str, object]:
    inner = tokens.CONTROL_HEIGHT - 2 * tokens.LINE_WIDTH
    return {
        "hair": tokens.LINE_WIDTH,
        "focus": tokens.FOCUS_WIDTH,
        "radius": tokens.RADIUS,
        "card_radius": tokens.CARD_RADIUS,
        "control": tokens.CONTROL_HEIGHT,
        "inner": inner,
        "inner_focus": tokens.CONTROL_HEIGHT - 2 * tokens.FOCUS_WIDTH,
        "gap_xs": tokens.GAP_XS,
        "gap_xs_less": tokens.GAP_XS - 1,
        "gap_s": tokens.GAP_S,
        "gap_s_less": tokens.GAP_S - 1,
        "gap_m": tokens.GAP_M,
        "gap_l": tokens.GAP_L,
        "gap_l_less": tokens.GAP_L - 1,
        "gap_xl": tokens.GAP_XL,
        "icon": tokens.ICON_SIZE,
        "title": _style(tokens.TITLE),
        "strong": _style(tokens.STRONG),
        "label": _style(tokens.LABEL),
        "label_strong": _style(tokens.LABEL_STRONG),
        "section": _style(tokens.SECTION),
        "figure": _style(tokens.FIGURE),
        "brand": _style(tokens.BRAND),
    }


def _tone_rules(palette: Palette) -> str:
    rules = []
    for tone in Tone:
        colours = tone_colours(palette, tone)
        rules.append(f'QLabel[tone="{tone}"] {{ color: {colours.text}; }}')
        rules.append(
            f'QLabel[role="chip"][tone="{tone}"] {{ background: {colours.tint}; '
            f"border-radius: {tokens.CHIP_HEIGHT // 2}px; padding: 0 {tokens.GAP_S}px; "
            f"{_style(tokens.LABEL_STRONG)} }}"
        )
        rules.append(
            f'QFrame[role="message"][tone="{tone}"] {{ background: {colours.tint}; '
            f"border: {tokens.LINE_WIDTH}px solid {colours.text}; "
            f"border-radius: {tokens.RADIUS}px; }}"
        )
    return "\n".join(rules)


def build_stylesheet(palette: Palette, drawings: Path) -> str:
    """Build the style sheet of a scheme; its few pictures are written into `drawings`."""
    values: dict[str, object] = {**asdict(palette), **_measures()}
    values["chevron"] = write_tinted("chevron-down", palette.muted, drawings)
    values["tick"] = write_tinted("check", palette.on_leaf, drawings)
    values["sort_up"] = write_tinted("chevron-up", palette.muted, drawings)
    values["sort_down"] = write_tinted("chevron-down", palette.muted, drawings)
    parts = (_SURFACES, _BUTTONS, _FIELDS, _TABLES, _LABELS)
    return "\n".join(part.substitute(values) for part in parts) + _tone_rules(palette)

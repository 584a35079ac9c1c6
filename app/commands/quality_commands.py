"""The command that judges a file of measurements; it needs no registry.

Owns arguments and output alone.
"""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from app.commands.output import Output
from app.commands.parsing import (
    ANSWER_IS_NO,
    DONE,
    Commands,
    TeakParser,
    add_common,
    named_path,
)
from app.models.errors import UsageError

if TYPE_CHECKING:
    from app.services.measurement_files import MeasurementFile
    from app.services.quality.judging import ColumnJudgement, RowJudgement


def add_commands(commands: Commands) -> None:
    """Add quality."""
    quality = commands.add(
        "quality",
        "judge the readings of a CSV file by quality rules",
        example="teak quality day.csv --time time --value pm2_5 --rules rules.toml --json",
        run=_judge,
        more="One line for each row. Without --rules the proposed rules are used, by channel "
        "name. Status 1 when a time or a value cannot be read; such rows are judged bad and "
        "kept.",
    )
    quality.add_argument(
        "--time", required=True, metavar="COL", help="the column of the time (ISO 8601)"
    )
    quality.add_argument(
        "--value",
        required=True,
        action="append",
        metavar="COL",
        help="a column of readings; again for more",
    )
    quality.add_argument("--rules", metavar="RULES.toml", help="a table of tests per column")
    quality.add_argument("--site", metavar="NAME", help="use the rules of this site where given")
    quality.add_argument(
        "--time-zone",
        metavar="ZONE",
        default="UTC",
        help="of times that name none: +07:00 or Asia/Bangkok (UTC)",
    )
    quality.add_argument(
        "--time-format", metavar="FORM", help="how times are written, as %%d/%%m/%%Y %%H:%%M"
    )
    add_file(quality)
    add_common(quality, registry=False)


def add_file(parser: TeakParser) -> None:
    """Add the CSV file and how it is written."""
    parser.add_argument(
        "file", metavar="FILE.csv", help="a CSV file whose first line names columns"
    )
    parser.add_argument(
        "--delimiter", default=",", metavar="C", help="what stands between fields (a comma)"
    )
    parser.add_argument(
        "--skip-lines", type=int, default=0, metavar="N", help="lines before the header"
    )


def named_file(arguments: Namespace) -> MeasurementFile:
    """Give the file that the arguments name; UsageError for a delimiter that is none."""
    from app.services.measurement_files import MeasurementFile

    delimiter = {"tab": "\t", "\\t": "\t"}.get(arguments.delimiter, arguments.delimiter)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise UsageError(f"“{arguments.delimiter}” cannot stand between fields.")
    if arguments.skip_lines < 0:
        raise UsageError(f"--skip-lines is {arguments.skip_lines}; it is 0 or more.")
    return MeasurementFile(
        named_path(arguments.file), delimiter=delimiter, skip_lines=arguments.skip_lines
    )


def _judge(arguments: Namespace, output: Output) -> int:
    from app.services.measurement_files import find_zone
    from app.services.quality.file_judging import FileQuestion, judge_file
    from app.services.quality.rule_files import load_proposed_rules, read_rule_file

    if arguments.rules is None:
        if arguments.site is not None:
            raise UsageError("--site needs --rules: the proposed rules know no site.")
        rules = load_proposed_rules()
        output.tell("No --rules: Teak's proposals are used, which nobody adopted for this site.")
    else:
        rules = read_rule_file(named_path(arguments.rules), site=arguments.site)
    question = FileQuestion(
        named_file(arguments),
        arguments.time,
        tuple(dict.fromkeys(arguments.value)),
        zone=find_zone(arguments.time_zone),
        form=arguments.time_format,
    )
    status = DONE
    told = _Told(output)
    for judged in judge_file(question, rules):
        if judged.row.time_us is None or any(
            column.value.reason == "unreadable" for column in judged.columns.values()
        ):
            status = ANSWER_IS_NO
        told.row(judged, arguments.time)
        if output.as_json:
            output.document(_as_json(judged))
        else:
            output.line(_as_text(judged))
        if output.is_closed:
            break
    told.rest()
    return status


class _Told:
    """Says on standard error what needs a look, the first of each kind, and counts the rest."""

    _SHOWN = 10

    def __init__(self, output: Output) -> None:
        self._output = output
        self._count = 0

    def row(self, judged: RowJudgement, time_column: str) -> None:
        """Name row and column of what cannot be read, and a clock that did not go forward."""
        if judged.row.time_us is None:
            self._say(judged, time_column, f"“{judged.row.time_text}” is no time Teak can read")
        for name, column in judged.columns.items():
            if column.value.reason == "unreadable":
                self._say(judged, name, f"“{column.value.text}” is no number")
        if "timing" in judged.tests:
            self._say(
                judged,
                time_column,
                f"“{judged.row.time_text}” is not after the time before it; the clock jumped or "
                "the line came twice",
            )

    def rest(self) -> None:
        """Say how much was not said."""
        if self._count > self._SHOWN:
            self._output.tell(f"… and {self._count - self._SHOWN:,} more.")

    def _say(self, judged: RowJudgement, column: str, what: str) -> None:
        self._count += 1
        if self._count <= self._SHOWN:
            self._output.tell(f"Row {judged.row.number}, column “{column}”: {what}.")


def _as_json(judged: RowJudgement) -> dict[str, Any]:
    from app.services.measurement_files import print_time

    row = judged.row
    return {
        "row": row.number,
        "time": None if row.time_us is None else print_time(row.time_us),
        "flag": judged.quality.value,
        "qartod": int(judged.flag),
        "tests": {name: int(flag) for name, flag in judged.tests.items()},
        "columns": {name: _column_json(column) for name, column in judged.columns.items()},
    }


def _column_json(column: ColumnJudgement) -> dict[str, Any]:
    return {
        "value": None if column.value.reason else column.value.value,
        "text": column.value.text,
        "flag": column.quality.value,
        "qartod": int(column.flag),
        "tests": {name: int(flag) for name, flag in column.tests.items()},
        "reasons": [
            {
                "test": reason.test,
                "qartod": int(reason.flag),
                "message": reason.message,
                "message_th": reason.message_th,
            }
            for reason in column.reasons
        ],
    }


def _as_text(judged: RowJudgement) -> str:
    from app.services.measurement_files import print_time

    row = judged.row
    time = row.time_text if row.time_us is None else print_time(row.time_us)
    reasons = [
        f"{name}: {reason.message}"
        for name, column in judged.columns.items()
        for reason in column.reasons
        if reason.flag != 2
    ]
    return f"{row.number}  {time}  {judged.quality.value}  {' '.join(reasons)}".rstrip()

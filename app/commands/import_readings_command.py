"""`teak import readings`: logged files of measurements, previewed or imported.

Owns its arguments and what is printed. How a file is laid out is proposed by the service; what
is chosen otherwise is said here, column by column.
"""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

from app.commands.output import Output
from app.commands.parsing import DONE, Commands, add_common, add_person, named_path
from app.commands.sessions import open_for_acting
from app.models.errors import NotFound, UsageError

if TYPE_CHECKING:
    from app.commands.sessions import Acting
    from app.services.readings.file_layout import FileLayout
    from app.services.readings.logged_files import FilePreview


def add_command(commands: Commands) -> None:
    """Add readings to the import commands."""
    parser = commands.add(
        "readings",
        "import a logged file of measurements: CSV, JSON, TOA5",
        example="teak import readings Trang.csv --station TRANG --sensor PCD --zone +07:00 "
        "--as technician",
        run=_run,
        more="Without --station it shows how the file would be read, and changes nothing. Say "
        "where that is wrong: --column PM25=pm2_5, --unit CO=ppm, --missing -99. A file is "
        "imported for a sensor once; one that was killed half way can be run again.",
    )
    parser.add_argument("file", metavar="FILE", help="the file")
    parser.add_argument("--station", metavar="CODE", help="import for a sensor of this station")
    parser.add_argument("--sensor", metavar="CODE", help="the sensor")
    parser.add_argument("--zone", metavar="ZONE", help="of times that name none (Asia/Bangkok)")
    parser.add_argument("--time", metavar="COLUMN", help="the column of times")
    parser.add_argument("--time-form", metavar="FORM", help="how times are written (strptime)")
    parser.add_argument(
        "--column", action="append", default=[], metavar="NAME=CHANNEL", help="what a column is"
    )
    parser.add_argument(
        "--unit", action="append", default=[], metavar="NAME=UNIT", help="what a column is in"
    )
    parser.add_argument(
        "--missing", action="append", default=[], metavar="TEXT", help="a code for no value"
    )
    add_person(parser)
    add_common(parser)


def _run(arguments: Namespace, output: Output) -> int:
    from app.services.readings.file_layout import propose_layout
    from app.services.readings.logged_files import import_file, preview_file

    path = named_path(arguments.file)
    layout = _chosen(propose_layout(path), arguments)
    if arguments.station is None:
        _show(preview_file(path, layout), output)
        return DONE
    with open_for_acting(arguments) as acting:
        sensor_id = _sensor(acting, arguments)
        with output.progress("rows") as told:
            done = import_file(acting.registry, acting.actor, sensor_id, path, layout, told=told)
    if output.as_json:
        output.document(done.as_json())
    else:
        output.line(
            f"Imported {done.rows:,} rows in {done.records:,} records; {done.refused:,} refused."
        )
    return DONE


def _chosen(layout: FileLayout, arguments: Namespace) -> FileLayout:
    channels = _pairs(arguments.column, "--column")
    chosen = layout.choosing(
        channels={name: value or None for name, value in channels.items()},
        units=_pairs(arguments.unit, "--unit"),
    )
    return replace(
        chosen,
        zone=arguments.zone or chosen.zone,
        time_column=arguments.time or chosen.time_column,
        time_form=arguments.time_form or chosen.time_form,
        missing=tuple(arguments.missing),
    )


def _pairs(texts: list[str], option: str) -> dict[str, str]:
    found = {}
    for text in texts:
        name, equals, value = text.rpartition("=")
        if not equals:
            raise UsageError(f"{option} takes NAME=VALUE, not “{text}”.")
        found[name] = value
    return found


def _sensor(acting: Acting, arguments: Namespace) -> int:
    from app.services.stations.listing import get_station

    station = get_station(acting.registry, arguments.station)
    for sensor in station.sensors:
        if sensor.code == arguments.sensor or (
            arguments.sensor is None and len(station.sensors) == 1
        ):
            return sensor.id
    known = ", ".join(sensor.code for sensor in station.sensors) or "none"
    raise NotFound(
        f"Station “{station.code}” has no sensor “{arguments.sensor}”.", hint=f"There: {known}."
    )


def _show(preview: FilePreview, output: Output) -> None:
    if output.as_json:
        output.document(preview.as_json())
        return
    output.line(
        f"{preview.rows:,} rows from {preview.begins} to {preview.ends}; "
        f"{preview.refused_count:,} would be refused."
    )
    for choice in preview.layout.columns:
        output.line(f"  {choice.column}: {choice.channel or 'passed over'} {choice.unit}".rstrip())
    for remark in preview.remarks:
        output.line(remark)
    for row in preview.first:
        shown = ", ".join(f"{name} {value}" for name, value in row.values.items())
        output.line(f"{row.number}  {row.at}  {shown}")
    for refused in preview.refused:
        output.line(f"{refused.number}  refused: {refused.reason}")

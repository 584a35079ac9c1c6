"""A child process of `cold_start`: begins the desk and ends when its first window is painted.

Takes the path of a demo registry. Goes the way `teak` goes when it opens the desk.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Open the desk, wait for the sign-in window's first painting, end at once."""
    # The order of `app.composition`: SQLAlchemy before Qt.
    import sqlalchemy  # noqa: F401
    from PySide6.QtCore import QEvent, QObject

    from app.services.registry.opening import open_demo
    from app.views.desk_launch import assemble, make_application, system_language
    from app.views.theme.theme import ThemeMode

    class EndWhenPainted(QObject):
        """Ends the process after the window it watches has been painted."""

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002, N802
            if event.type() is QEvent.Type.UpdateRequest:
                os.write(1, b"painted\n")
                os._exit(0)
            return False

    path = Path(sys.argv[1])
    demo = open_demo(path)
    application = make_application()
    assembly = assemble(application, path, system_language(), ThemeMode.SYSTEM, demo=demo)
    assembly.start()
    assert assembly.sign_in_window is not None
    watcher = EndWhenPainted()
    assembly.sign_in_window.installEventFilter(watcher)
    application.exec()


if __name__ == "__main__":
    main()

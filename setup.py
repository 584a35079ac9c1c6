"""Put `resources/` into the wheel as `app/resources`.

Everything else about the package is in pyproject.toml. An editable install leaves the files
where they are: `app.models.resource_files` finds them in either place.
"""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithResources(build_py):
    """The ordinary build, then the resources beside the modules that read them."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "app" / "resources"
            copytree("resources", target, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithResources})

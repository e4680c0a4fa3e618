"""Stores the path of the checkout that the package is installed from, which pyproject.toml cannot do."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

LAUNCHER = Path(__file__).resolve().parent.parent / "histods"


class BuildWithCheckout(build_py):
    def run(self) -> None:
        super().run()
        if not self.editable_mode and LAUNCHER.is_file():
            Path(self.build_lib, "histods", "checkout.txt").write_text(f"{LAUNCHER.parent}\n", encoding="utf-8")


setup(cmdclass={"build_py": BuildWithCheckout})

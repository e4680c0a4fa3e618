"""The package with a simulated program: the arguments that it passes, and its results for each output."""

from __future__ import annotations

import json
import os
import stat
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import histods

PROBLEM = {
    "event": "problem",
    "dataset": "mbm",
    "class": "network",
    "exit": 4,
    "message": "cannot reach github.com",
    "hint": "try again later",
    "attempts": [{"source": "github", "url": "https://github.com/x", "status": None, "bytes": 0, "cause": "refused"}],
}
DONE = {
    "event": "done",
    "dataset": "mbm",
    "version": "1",
    "path": "/data/mbm",
    "files": 2,
    "bytes": 10,
    "fingerprint": "ab",
    "transferred": 10,
    "seconds": 0.5,
    "extra": ["notes.txt"],
    "a-field-of-tomorrow": 1,
}


class SimulatedProgram(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.program = self.folder / "histods"
        patch = mock.patch.dict(os.environ, {"HISTODS_PROGRAM": str(self.program)})
        patch.start()
        self.addCleanup(patch.stop)

    def prints(self, *objects: dict, exit_code: int = 0, err: str = "", more: str = "") -> None:
        lines = "\n".join(json.dumps(o) for o in objects)
        self.program.write_text(
            f"#!{sys.executable}\n"
            + textwrap.dedent(
                f"""
                import sys, os, json
                json.dump(sys.argv[1:], open({str(self.folder / "arguments")!r}, "w"))
                json.dump(os.getcwd(), open({str(self.folder / "cwd")!r}, "w"))
                print({lines!r}, flush=True)
                sys.stderr.write({err!r})
                {more}
                sys.exit({exit_code})
                """
            ),
            encoding="utf-8",
        )
        self.program.chmod(self.program.stat().st_mode | stat.S_IXUSR)

    def arguments(self) -> list:
        return json.loads((self.folder / "arguments").read_text(encoding="utf-8"))

    def test_pull_returns_what_is_in_the_mirror(self) -> None:
        self.prints({"event": "plan"}, {"event": "file"}, DONE)
        seen = []
        pulled = histods.pull("mbm", only=["a", "b"], variant="raw", files=["x.zip"], mirror="m", progress=seen.append)
        assert pulled is not None
        self.assertEqual((pulled.path, pulled.extra, pulled.files), (Path("/data/mbm"), ("notes.txt",), 2))
        self.assertEqual([e["event"] for e in seen], ["plan", "file", "done"])
        self.assertEqual(
            self.arguments(),
            ["--mirror", str(Path("m").absolute()), "pull", "mbm", "--only", "a", "--only", "b", "--variant", "raw"]
            + ["--from", str(Path("x.zip").absolute()), "--json", "--quiet"],
        )

    def test_dry_run_returns_nothing(self) -> None:
        self.prints({"event": "plan"})
        self.assertIsNone(histods.pull("mbm", dry_run=True))

    def test_problem_becomes_an_exception_with_its_hint(self) -> None:
        self.prints({"event": "plan"}, PROBLEM, exit_code=4)
        with self.assertRaises(histods.NetworkError) as caught:
            histods.pull("mbm")
        e = caught.exception
        self.assertEqual((e.exit_code, e.dataset, e.hint), (4, "mbm", "try again later"))
        self.assertEqual(str(e), "cannot reach github.com\nhint: try again later")
        self.assertEqual(e.attempts[0]["cause"], "refused")

    def test_every_class_of_problem_has_an_exception(self) -> None:
        for kind in ("usage person network wrong-bytes upstream-changed disk busy extra-files interrupted bug memory").split():
            self.prints({**PROBLEM, "class": kind}, exit_code=1)
            with self.assertRaises(histods.HistodsError) as caught:
                histods.status()
            self.assertIsNot(type(caught.exception), histods.HistodsError, kind)

    def test_failure_without_a_problem_is_not_success(self) -> None:
        self.prints(DONE, exit_code=7, err="histods: something\n")
        with self.assertRaisesRegex(histods.HistodsError, "histods: something"):
            histods.pull("mbm")

    def test_text_in_place_of_json_is_an_error(self) -> None:
        self.program.write_text("#!/bin/sh\necho hello\n", encoding="utf-8")
        self.program.chmod(0o755)
        with self.assertRaisesRegex(histods.HistodsError, "hello"):
            histods.status()

    def test_missing_program_is_named(self) -> None:
        with self.assertRaisesRegex(histods.ProgramNotFound, "HISTODS_PROGRAM"):
            histods.status()

    def test_callback_that_raises_stops_the_program(self) -> None:
        self.prints({"event": "plan"}, more="import time; time.sleep(600)")

        def stop(_: histods.Event) -> None:
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            histods.pull("mbm", progress=stop)

    def test_much_text_on_the_error_stream_does_not_block(self) -> None:
        self.prints(DONE, err="x" * 1_000_000 + "\n")
        self.assertIsNotNone(histods.pull("mbm"))

    def test_verify_returns_a_mismatch(self) -> None:
        line = {"event": "verify", "dataset": "mbm", "version": "1", "ok": False, "files": 2, "read": 2}
        self.prints({**line, "changed": ["a"], "missing": [], "extra": [], "record": []}, exit_code=5)
        (result,) = histods.verify("mbm", full=True)
        self.assertFalse(result.ok)
        self.assertEqual(result.changed, ("a",))

    def test_project_commands_run_in_the_project(self) -> None:
        self.prints({"project": "p", "findings": [], "unchecked": []})
        histods.audit(self.folder, purpose="commercial")
        self.assertEqual(json.loads((self.folder / "cwd").read_text()), os.path.realpath(self.folder))
        self.assertIn("commercial", self.arguments())


if __name__ == "__main__":
    unittest.main()

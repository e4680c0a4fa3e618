"""The package with the real program and a server on loopback; needs a built histods."""

from __future__ import annotations

import functools
import hashlib
import http.server
import os
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import histods

MANIFEST = """\
id: toy
title: Two files for a test
version: "1"
license: {{ spdx: CC0-1.0 }}
access: {{ status: open }}
sources:
  - kind: http
    official: true
    files:
      - path: a.txt
        at: https://data.example/a.txt
        bytes: 5
        sums: [{{ sum: "md5:{md5}", by: data.example }}]
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class RealProgram(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        site = self.folder / "site" / "data.example"
        site.mkdir(parents=True)
        (site / "a.txt").write_bytes(b"hello")
        handler = functools.partial(Quiet, directory=str(self.folder / "site"))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        config = self.folder / "config.yaml"
        config.write_text(f'routes:\n  "*": "http://127.0.0.1:{server.server_address[1]}/{{host}}"\n', encoding="utf-8")
        manifests = self.folder / "manifests"
        manifests.mkdir()
        md5 = hashlib.md5(b"hello").hexdigest()
        (manifests / "toy.yaml").write_text(MANIFEST.format(md5=md5), encoding="utf-8")
        patch = mock.patch.dict(
            os.environ,
            {
                "HISTODS_CONFIG": str(config),
                "HISTODS_MIRROR": str(self.folder / "mirror"),
                "HISTODS_MANIFESTS": str(manifests),
                "HISTODS_BUILTIN": "off",
                "XDG_STATE_HOME": str(self.folder / "state"),
            },
        )
        patch.start()
        self.addCleanup(patch.stop)

    def test_dataset_is_pulled_found_verified_locked_and_audited(self) -> None:
        events = []
        pulled = histods.pull("toy", progress=events.append)
        assert pulled is not None
        self.assertEqual([e["event"] for e in events], ["plan", "file", "done"])
        self.assertEqual(events[1]["check"], "verified")
        folder = histods.path("toy")
        self.assertEqual((folder / "a.txt").read_bytes(), b"hello")
        self.assertEqual([s.id for s in histods.status()], ["toy"])
        self.assertTrue(histods.verify("toy", full=True)[0].ok)
        self.assertEqual(histods.show("toy")["title"], "Two files for a test")

        project = self.folder / "project"
        project.mkdir()
        histods.run("init", cwd=project)
        histods.run("add", "toy", "--role", "train", cwd=project)
        (locked,) = histods.lock(project)
        self.assertEqual((locked.dataset, locked.fingerprint), ("toy", pulled.fingerprint))
        (synced,) = histods.sync(project, locked=True)
        self.assertEqual((project / synced.path / "a.txt").read_bytes(), b"hello")
        self.assertEqual([d["id"] for d in histods.audit(project).report["datasets"]], ["toy"])

    def test_modified_file_is_a_result_and_unknown_dataset_an_exception(self) -> None:
        histods.pull("toy")
        file = histods.path("toy") / "a.txt"
        file.chmod(0o644)
        file.write_bytes(b"jello")
        (result,) = histods.verify("toy", full=True)
        self.assertEqual((result.ok, result.changed), (False, ("a.txt",)))
        with self.assertRaises(histods.UsageError) as caught:
            histods.path("no-such-dataset")
        self.assertEqual(caught.exception.exit_code, 2)


if __name__ == "__main__":
    unittest.main()

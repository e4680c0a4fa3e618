"""Public histopathology datasets from Python: pull them, find them on disk, lock and audit a project.

Runs the program histods; nothing is implemented twice. Every function takes ``mirror``, a folder to use instead of the
configured mirror, and raises a :class:`HistodsError` with a hint if the command fails.

>>> import histods
>>> histods.pull("kather-2018")                            # doctest: +SKIP
>>> slides = list(histods.path("kather-2018").rglob("*.tif"))  # doctest: +SKIP
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterable, List, Mapping, Optional, Union

from . import results
from .errors import (
    DiskError,
    ExtraFiles,
    HistodsError,
    InternalError,
    Interrupted,
    ManualActionRequired,
    MirrorBusy,
    NetworkError,
    ProgramNotFound,
    UpstreamChanged,
    UsageError,
    WrongBytes,
)
from .program import Event, PathLike, Progress, run
from .results import Audit, Finding, Locked, Pulled, Status, Synced, Verified

__all__ = [
    "Audit",
    "DiskError",
    "Event",
    "ExtraFiles",
    "Finding",
    "HistodsError",
    "InternalError",
    "Interrupted",
    "Locked",
    "ManualActionRequired",
    "MirrorBusy",
    "NetworkError",
    "ProgramNotFound",
    "Progress",
    "Pulled",
    "Status",
    "Synced",
    "UpstreamChanged",
    "UsageError",
    "Verified",
    "WrongBytes",
    "audit",
    "datasets",
    "lock",
    "path",
    "pull",
    "run",
    "show",
    "status",
    "sync",
    "verify",
]

__version__ = "0.1.0"


def _mirror(mirror: Optional[PathLike]) -> List[PathLike]:
    return [] if mirror is None else ["--mirror", Path(mirror).absolute()]


def _words(words: Union[str, Iterable[str]]) -> List[str]:
    return [words] if isinstance(words, str) else list(words)


def path(dataset: str, *, mirror: Optional[PathLike] = None) -> Path:
    """The folder with the files of a pulled dataset: an id, or ``ID@VERSION``.

    Raises ``UsageError`` if the dataset is not in the mirror.
    """
    return Path(run(*_mirror(mirror), "path", dataset)[0]["path"])


def pull(
    dataset: PathLike,
    *,
    only: Union[str, Iterable[str]] = (),
    variant: Optional[str] = None,
    files: Iterable[PathLike] = (),
    dry_run: bool = False,
    mirror: Optional[PathLike] = None,
    progress: Optional[Progress] = None,
) -> Optional[Pulled]:
    """Downloads, verifies and unpacks a dataset: an id, ``ID@VERSION``, or the path of a manifest.

    A dataset that is complete in the mirror causes no network request, and an interrupted pull continues. ``only``
    selects files by globs or names of splits, ``files`` are files that a person downloaded. ``progress`` is called with
    a ``plan``, one ``file`` for each downloaded file, and ``done`` (docs/json.md). Returns ``None`` with ``dry_run``.
    """
    arguments: List[PathLike] = [*_mirror(mirror), "pull", dataset]
    for word in _words(only):
        arguments += ["--only", word]
    if variant is not None:
        arguments += ["--variant", variant]
    for file in files:
        arguments += ["--from", Path(file).absolute()]
    if dry_run:
        arguments.append("--dry-run")
    done = [event for event in run(*arguments, progress=progress) if event.get("event") == "done"]
    return results.of(Pulled, done[-1]) if done else None


def status(*, mirror: Optional[PathLike] = None) -> List[Status]:
    """The datasets in the mirror."""
    return [results.of(Status, event) for event in run(*_mirror(mirror), "status")]


def verify(
    *names: str, full: bool = False, mirror: Optional[PathLike] = None, progress: Optional[Progress] = None
) -> List[Verified]:
    """Compares files with the checksums recorded when they were pulled; all of the mirror if no dataset is named.

    A mismatch is a result and not an exception: see ``Verified.ok``. By default only files whose size or times changed
    since the last check are read; ``full`` reads every byte.
    """
    arguments: List[PathLike] = [*_mirror(mirror), "verify", *names]
    if full:
        arguments.append("--full")
    events = run(*arguments, progress=progress, accepted=(0, 5))
    return [results.of(Verified, event) for event in events if event.get("event") == "verify"]


def lock(project: PathLike = ".", *, mirror: Optional[PathLike] = None, progress: Optional[Progress] = None) -> List[Locked]:
    """Writes ``histods.lock`` of a project, which pins its exact files; pulls what is missing."""
    events = run(*_mirror(mirror), "lock", cwd=project, progress=progress)
    return [results.of(Locked, event) for event in events if event.get("event") == "locked"]


def sync(
    project: PathLike = ".",
    *,
    locked: bool = False,
    mirror: Optional[PathLike] = None,
    progress: Optional[Progress] = None,
) -> List[Synced]:
    """Pulls the datasets of a project and places them in its folder; ``locked`` refuses anything but the lock's files."""
    arguments: List[PathLike] = [*_mirror(mirror), "sync"]
    if locked:
        arguments.append("--locked")
    events = run(*arguments, cwd=project, progress=progress)
    return [results.of(Synced, event) for event in events if event.get("event") == "synced"]


def audit(project: PathLike = ".", *, purpose: Union[str, Iterable[str]] = (), mirror: Optional[PathLike] = None) -> Audit:
    """Checks a project for licence problems and data leakage. Findings are results and not exceptions."""
    arguments: List[PathLike] = [*_mirror(mirror), "audit", "--fail-on", "never"]
    for word in _words(purpose):
        arguments += ["--purpose", word]
    report = run(*arguments, cwd=project)[0]
    findings = tuple(results.of(Finding, finding) for finding in report.get("findings", ()))
    return Audit(findings, tuple(report.get("unchecked", ())), report)


def datasets(*, mirror: Optional[PathLike] = None) -> List[Mapping[str, Any]]:
    """The datasets of the catalogue, as ``list`` in docs/json.md describes them."""
    return list(run(*_mirror(mirror), "list"))


def show(dataset: str) -> Mapping[str, Any]:
    """Everything known about a dataset: its manifest."""
    return run("show", dataset)[0]

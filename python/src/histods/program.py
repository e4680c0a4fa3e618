"""Runs the program histods and reads the JSON objects that it prints, one per line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any, Callable, Collection, Dict, List, Optional, Union

from . import errors

Event = Dict[str, Any]
Progress = Callable[[Event], None]
PathLike = Union[str, "os.PathLike[str]"]

#: How long the program may take to end after it was asked to, in seconds.
_SECONDS_TO_END = 10.0


def program() -> str:
    """The path of the program: ``$HISTODS_PROGRAM``, else ``histods`` on ``PATH``, else the checkout that this package
    was installed from.

    Raises ``ProgramNotFound`` if there is none.
    """
    named = os.environ.get("HISTODS_PROGRAM")
    if named:
        return named
    found = shutil.which("histods")
    if found:
        return found
    here = Path(__file__).resolve().parent
    remembered = here / "checkout.txt"
    candidates = [here.parent.parent.parent / "histods"]
    if remembered.is_file():
        candidates.insert(0, Path(remembered.read_text(encoding="utf-8").strip()) / "histods")
    for candidate in candidates:
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return str(candidate)
    raise errors.ProgramNotFound(
        "the program histods was not found",
        "put it on PATH, or set HISTODS_PROGRAM to its path",
    )


def run(
    *arguments: PathLike,
    cwd: Optional[PathLike] = None,
    progress: Optional[Progress] = None,
    accepted: Collection[int] = (0,),
) -> List[Event]:
    """Runs a command with ``--json`` and returns the objects that it printed, as docs/json.md describes them.

    ``progress`` is called with each object while the command runs; if it raises, the command is stopped. Raises a
    ``HistodsError`` if the command reports a problem or ends with an exit code that is not ``accepted``.
    """
    command = [program(), *(os.fspath(argument) for argument in arguments), "--json", "--quiet"]
    try:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as e:
        raise errors.ProgramNotFound(f"cannot run {command[0]}: {e.strerror}", "set HISTODS_PROGRAM to its path") from e
    stderr: List[str] = []
    reader = threading.Thread(target=_drain, args=(process.stderr, stderr), daemon=True)
    reader.start()
    events: List[Event] = []
    problem: Optional[Event] = None
    try:
        assert process.stdout is not None
        for line in process.stdout:
            event = _parse(line)
            if event.get("event") == "problem":
                problem = problem or event
            else:
                events.append(event)
            if progress is not None:
                progress(event)
        exit_code = process.wait()
    finally:
        _stop(process)
        reader.join(_SECONDS_TO_END)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
    if problem is not None:
        raise errors.of_problem(problem)
    if exit_code not in accepted:
        raise errors.HistodsError("".join(stderr).strip() or f"histods ended with exit code {exit_code}", None, exit_code)
    return events


def _drain(stream: Any, into: List[str]) -> None:
    for line in stream:
        into.append(line)
        del into[:-200]


def _parse(line: str) -> Event:
    try:
        event = json.loads(line)
    except ValueError:
        event = None
    if not isinstance(event, dict):
        raise errors.HistodsError(f"histods printed something other than a JSON object: {line.strip()[:200]!r}")
    return event


def _stop(process: "subprocess.Popen[str]") -> None:
    """Ends the program if it still runs; it keeps what it has downloaded."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

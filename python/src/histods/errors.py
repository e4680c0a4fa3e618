"""Exceptions: one class for each class of error that histods knows, by who can act on it."""

from __future__ import annotations

from typing import Any, Mapping, Sequence


class HistodsError(Exception):
    """A command of histods failed.

    ``message`` says what failed and ``hint`` what to do next (``None`` if there is nothing to do). ``exit_code`` is
    the program's exit code, ``dataset`` the dataset as it was typed (``None`` if the error is about none). ``attempts``
    has one mapping for each source that was tried, with ``source``, ``url``, ``status``, ``bytes`` and ``cause``.
    """

    def __init__(
        self,
        message: str,
        hint: str | None = None,
        exit_code: int = 1,
        dataset: str | None = None,
        attempts: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(message, hint, exit_code, dataset, tuple(attempts))
        self.message = message
        self.hint = hint
        self.exit_code = exit_code
        self.dataset = dataset
        self.attempts = tuple(attempts)

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\nhint: {self.hint}"


class ProgramNotFound(HistodsError):
    """The program histods was not found or could not be started."""


class UsageError(HistodsError):
    """An argument or an input file is invalid."""


class ManualActionRequired(HistodsError):
    """A person must act first, for example log in or fill in a form; the message says how."""


class NetworkError(HistodsError):
    """A host could not be reached or responded with an error."""


class WrongBytes(HistodsError):
    """Files do not match their checksums."""


class UpstreamChanged(HistodsError):
    """Files changed at the source."""


class DiskError(HistodsError):
    """The disk is full or unreadable, or a permission is missing."""


class MirrorBusy(HistodsError):
    """Another process is using the mirror."""


class ExtraFiles(HistodsError):
    """Files of the user's are in the way of files of the dataset."""


class Interrupted(HistodsError):
    """The command was interrupted."""


class InternalError(HistodsError):
    """A bug in histods, or too little memory."""


_CLASSES: dict[str, type[HistodsError]] = {
    "usage": UsageError,
    "person": ManualActionRequired,
    "network": NetworkError,
    "wrong-bytes": WrongBytes,
    "upstream-changed": UpstreamChanged,
    "disk": DiskError,
    "busy": MirrorBusy,
    "extra-files": ExtraFiles,
    "interrupted": Interrupted,
    "bug": InternalError,
    "memory": InternalError,
}


def of_problem(problem: Mapping[str, Any]) -> HistodsError:
    """The exception for a ``problem`` object of ``--json``."""
    kind = _CLASSES.get(str(problem.get("class")), HistodsError)
    return kind(
        str(problem.get("message")),
        problem.get("hint"),
        int(problem.get("exit", 1)),
        problem.get("dataset"),
        problem.get("attempts") or (),
    )

"""What commands return. Sizes are in bytes; a value that is not known is ``None``."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, Mapping, Optional, Tuple, Type, TypeVar

T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Pulled:
    """A dataset that is in the mirror after a pull."""

    dataset: str
    version: str
    path: Path
    files: int
    bytes: int
    fingerprint: str
    transferred: int
    seconds: float
    extra: Tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Status:
    """A dataset in the mirror."""

    id: str
    version: str
    path: Path
    files: int
    bytes: int
    pulled: Optional[str]
    license: Optional[str]
    selection: Tuple[str, ...]
    fingerprint: Optional[str]


@dataclasses.dataclass(frozen=True)
class Verified:
    """The result of a check. ``ok`` is true only if everything matches; ``read`` says how many files were read."""

    dataset: Optional[str]
    version: Optional[str]
    ok: bool
    files: int
    read: int
    changed: Tuple[str, ...] = ()
    missing: Tuple[str, ...] = ()
    extra: Tuple[str, ...] = ()
    record: Tuple[str, ...] = ()
    unchecked: Tuple[str, ...] = ()
    fingerprint: Optional[str] = None


@dataclasses.dataclass(frozen=True)
class Locked:
    """An entry of histods.lock. ``before`` is the fingerprint in the previous lock."""

    name: str
    dataset: str
    version: str
    fingerprint: str
    before: Optional[str]
    files: int
    bytes: int


@dataclasses.dataclass(frozen=True)
class Synced:
    """A dataset that is placed in a project."""

    name: str
    dataset: str
    version: str
    path: Path
    fingerprint: str
    changed: bool


@dataclasses.dataclass(frozen=True)
class Finding:
    """A finding of an audit. ``accepted`` is the reason given in histods.yaml, ``None`` for an open finding."""

    rule: str
    severity: str
    message: str
    datasets: Tuple[str, ...]
    evidence: Tuple[str, ...]
    remedy: Optional[str]
    accepted: Optional[str]


@dataclasses.dataclass(frozen=True)
class Audit:
    """The report of an audit. ``unchecked`` says what could not be checked; ``report`` is all of it as a mapping."""

    findings: Tuple[Finding, ...]
    unchecked: Tuple[str, ...]
    report: Mapping[str, Any]

    @property
    def open(self) -> Tuple[Finding, ...]:
        """The findings that nobody has accepted."""
        return tuple(finding for finding in self.findings if finding.accepted is None)


def of(kind: Type[T], event: Mapping[str, Any]) -> T:
    """A result from a JSON object. Fields that this version does not know are left out."""
    values = {}
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        if field.name not in event:
            continue
        value = event[field.name]
        if isinstance(value, list):
            value = tuple(value)
        elif field.name == "path" and value is not None:
            value = Path(value)
        values[field.name] = value
    return kind(**values)

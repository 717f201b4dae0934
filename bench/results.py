"""The measured figures on disk: medians by command, which a partial run adds to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from math import isnan, nan
from pathlib import Path
from typing import Any

from measure import Usage


@dataclass
class Results:
    """What was measured.

    Attributes:
        settings: sizes in millions of bytes, and where it ran: figures of other settings do not go with these.
        commands: medians by the command's name.
        runs: how many runs each median is of, and of which revision of ftlint.
        profile: milliseconds of CPU by what they were spent on.
        missing: peers that were not there, and commands that failed, with the reason.
    """

    settings: dict[str, Any]
    commands: dict[str, Usage] = field(default_factory=dict)
    runs: dict[str, tuple[int, str]] = field(default_factory=dict)
    profile: dict[str, float] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def add(self, found: Mapping[str, tuple[Usage, int]], failed: Iterable[str], revision: str) -> None:
        """Put new medians in the place of old ones."""
        for name in failed:
            self.commands.pop(name, None)
        for name, (used, count) in found.items():
            self.commands[name], self.runs[name] = used, (count, revision)


def load(file: Path, settings: dict[str, Any]) -> Results:
    """What a file keeps of measurements under the same settings.

    Raises:
        SystemExit: they are of other settings.
    """
    kept = json.loads(file.read_text("utf-8"))
    if kept["settings"] != settings:
        raise SystemExit(f"{file} is about other sizes or another machine: {kept['settings']}, not {settings}")
    result = Results(settings, profile=kept["profile"], missing=kept["missing"])
    for name, row in kept["commands"].items():
        result.runs[name] = (row.pop("runs"), row.pop("revision"))
        result.commands[name] = Usage(**{figure: nan if value is None else value for figure, value in row.items()})
    return result


def save(file: Path, results: Results) -> None:
    """Keep the measurements."""
    commands = {name: _row(used, *results.runs[name]) for name, used in results.commands.items()}
    kept = {
        "settings": results.settings,
        "commands": commands,
        "profile": results.profile,
        "missing": results.missing,
    }
    file.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _row(used: Usage, runs: int, revision: str) -> dict[str, Any]:
    figures = {name: None if isnan(value) else round(value, 4) for name, value in asdict(used).items()}
    return {**figures, "runs": runs, "revision": revision}

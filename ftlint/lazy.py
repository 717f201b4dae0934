"""Regular expressions that are compiled at their first use: checks have dozens, and sound data asks for few of them."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _Pattern:
    """Stands for a pattern; each attribute is asked for once, and is then found without a detour."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self._source = pattern, flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(*self._source), name)
        setattr(self, name, value)
        return value


def lazy_pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What ``re.compile`` gives, compiled when it is first used; for its methods, not for ``re.sub(pattern, …)``."""
    return cast("re.Pattern[AnyStr]", _Pattern(text, flags))

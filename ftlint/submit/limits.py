"""The rate limits that a service tells with its answers."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from ftlint.submit.service import Service

HEAD = "x-ratelimit-limit-"


class Limit(Struct, frozen=True):
    """How much of something (``requests``, ``tokens``) is left, and when all of it is there again, as it is told."""

    kind: str
    limit: str
    remaining: str
    reset: str


def limits(service: Service) -> list[Limit]:
    """The limits that the answer to a request without cost tells; none where the service tells none.

    Raises:
        ServiceError: the service cannot be asked.
    """
    service.ask(lambda client: client.models.with_raw_response.list(), Any)
    told = service.headers
    kinds = [name.removeprefix(HEAD) for name in told if name.startswith(HEAD)]
    return [
        Limit(kind, told[HEAD + kind], *(told.get(f"x-ratelimit-{what}-{kind}", "") for what in ("remaining", "reset")))
        for kind in kinds
    ]

"""The request that starts a job: made again only once the one before it has surely come to nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from ftlint.model import Split
from ftlint.submit.failure import ServiceError
from ftlint.submit.ledger import Ledger
from ftlint.submit.remote import Job
from ftlint.submit.service import TOLD, Call, Service, Waits

OPEN = ("creating", "unanswered")
"""Steps of the ledger after which nobody knows whether there is a job."""


class Creation:
    """The requests for one job, each in the ledger before it is sent.

    One that the service refused, or that never left, did nothing, and the ledger is told so. Of any other without an
    answer nobody knows: it may start the job until ``Pace.sure`` seconds later, and till then the job is only looked
    for, by this process or by the next.

    Attributes:
        lost: when a request was sent, or its answer lost, of which no more is known, in seconds of the epoch.
    """

    def __init__(self, service: Service, ledger: Ledger, key: tuple[str, int]) -> None:
        self.service, self.ledger, self.key = service, ledger, key
        self.lost = self._remembered()

    def _remembered(self) -> float | None:
        entries = [entry for entry in self.ledger.of(*self.key) if entry["step"] in (*OPEN, "refused", "created")]
        if not entries or entries[-1]["step"] not in OPEN:
            return None
        return min(datetime.fromisoformat(entries[-1]["at"]).timestamp(), time.time())  # a clock may be set back

    def job(self, look: Callable[[], Job | None], call: Call, files: dict[Split, str]) -> Job:
        """The job: the one that ``look`` finds, else a new one by ``call``.

        Raises:
            ServiceError: the service says no, or patience is at an end; if a request may still start the job, until
                when.
        """
        waits = Waits(self.service)
        while True:
            found = self._looked(look, waits)
            if found is not None:
                return found
            self.ledger.append("creating", *self.key, files=files)
            try:
                return self.service.send(call, Job)
            except self.service.errors as error:
                failure = self.service.failure(error)
            self.lost = time.time() if failure.unsure else None
            self.ledger.append("unanswered" if failure.unsure else "refused", *self.key)
            if failure.unsure:
                self.service.tell(f"{failure.words}; whether the job was started is not known")
            else:
                waits.wait(failure)

    def _looked(self, look: Callable[[], Job | None], waits: Waits) -> Job | None:
        """Look for the job, for as long as an earlier request may still start it."""
        while True:
            left, found = self._left(), look()
            if found is not None or not left:  # the last look is after the last moment
                return found
            if waits.pause >= TOLD:
                self.service.tell(f"{self._doubt()}; looking again in {min(waits.pause, left):.0f} s")
            if not waits.rest(left):
                raise ServiceError(
                    f"{self._doubt()}, so it was not asked for again: run the same command after that, and it looks "
                    "once more before it asks"
                )

    def _left(self) -> float:
        """Seconds for which an earlier request may still start the job."""
        return 0.0 if self.lost is None else max(self.lost + self.service.pace.sure - time.time(), 0.0)

    def _doubt(self) -> str:
        until = time.strftime("%H:%M:%S", time.localtime(time.time() + self._left()))
        return f"a request for this job had no answer; there is no such job yet, but it may still start until {until}"

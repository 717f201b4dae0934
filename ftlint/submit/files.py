"""Files at the service: found by the digest in their name, uploaded once, whole or in parts, and waited for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from ftlint.errors import FtlintError
from ftlint.explain import explain
from ftlint.submit.dataset import Payload
from ftlint.submit.ledger import Entry, Ledger
from ftlint.submit.remote import Part, RemoteFile, Upload
from ftlint.submit.service import Service
from ftlint.targets import load

PURPOSE = "fine-tune"
MIME = "application/jsonl"
MARGIN = 60
"""Seconds before an upload expires in which it is not gone on with."""
GONE = ("error", "failed", "deleting", "deleted")

Progress = Callable[[int, int], None]


class Sizes(Struct, frozen=True):
    """Bytes: above ``whole`` a file goes in parts of ``part``; None for what the service says."""

    whole: int | None = None
    part: int | None = None

    def settled(self) -> tuple[int, int]:
        facts = load.provider("openai")["facts"]
        return self.whole or facts["max_file_bytes"]["value"], self.part or facts["part_bytes"]["value"]


class Uploader:
    """Brings the files of one submission to the service, once each."""

    def __init__(self, service: Service, ledger: Ledger, key: tuple[str, int], sizes: Sizes | None = None) -> None:
        self.service, self.ledger, self.key = service, ledger, key
        self.whole, self.part = (sizes or Sizes()).settled()

    def upload(self, payload: Payload, progress: Progress | None = None) -> RemoteFile:
        """The file at the service: the one that is there, else a new one.

        Raises:
            FtlintError: it cannot be uploaded.
        """
        before = [entry for entry in self.ledger.of(*self.key) if entry.get("sha256") == payload.sha256]
        unsure = any(entry["step"] == "uploading" for entry in before)
        unsure = unsure and not any(entry["step"] == "uploaded" for entry in before)
        file = self.find(payload)
        if file is None:
            if payload.size > self.whole:
                file = self._in_parts(payload, before, progress)
            else:
                self._note("uploading", payload)
                file = self._whole(payload, unsure=unsure)
        if not any(entry["step"] == "uploaded" and entry.get("file") == file.id for entry in before):
            self._note("uploaded", payload, file=file.id)
        return file

    def find(self, payload: Payload) -> RemoteFile | None:
        """The oldest file with the digest in its name and so many bytes."""
        listed = self.service.pages(
            lambda client, after: client.files.with_raw_response.list(purpose=PURPOSE, **after), RemoteFile
        )
        mine = [file for file in listed if file.filename.endswith(payload.tail) and file.bytes == payload.size]
        return next((file for file in reversed(mine) if file.status not in GONE), None)

    def _note(self, step: str, payload: Payload, **more: Any) -> None:
        self.ledger.append(step, *self.key, split=payload.split, sha256=payload.sha256, **more)

    def _whole(self, payload: Payload, *, unsure: bool) -> RemoteFile:
        def send(client: Any) -> Any:
            with payload.path.open("rb") as file:
                return client.files.with_raw_response.create(file=(payload.filename, file, MIME), purpose=PURPOSE)

        return self.service.once(lambda: self.find(payload), send, RemoteFile, unsure=unsure)

    def _in_parts(self, payload: Payload, before: list[Entry], progress: Progress | None) -> RemoteFile:
        upload, parts = self._begun(before)
        if upload is None:
            begun = self.service.ask(
                lambda client: client.uploads.with_raw_response.create(
                    bytes=payload.size, filename=payload.filename, mime_type=MIME, purpose=PURPOSE
                ),
                Upload,
            )
            upload, parts = begun.id, []
            self._note("uploading", payload, upload=upload, part_bytes=self.part, expires_at=begun.expires_at)
        for index, block in enumerate(self._blocks(payload)):
            if index >= len(parts):
                parts.append(self._part(payload, upload, block))
            if progress:
                progress(min((index + 1) * self.part, payload.size), payload.size)
        unsure = any(entry["step"] == "completing" and entry["upload"] == upload for entry in before)
        return self._complete(payload, upload, parts, unsure=unsure)

    def _begun(self, before: list[Entry]) -> tuple[str | None, list[str]]:
        """An upload that an earlier run began, with the parts that are there, unless it has expired."""
        begun = next((entry for entry in reversed(before) if entry["step"] == "uploading" and "upload" in entry), None)
        if begun is None or begun["part_bytes"] != self.part or (begun["expires_at"] or 0) < time.time() + MARGIN:
            return None, []
        named = begun["upload"]
        return named, [entry["part"] for entry in before if entry["step"] == "part" and entry["upload"] == named]

    def _blocks(self, payload: Payload) -> Iterator[bytes]:
        with payload.path.open("rb") as file:
            while block := file.read(self.part):
                yield block

    def _part(self, payload: Payload, upload: str, block: bytes) -> str:
        """A part that is sent twice does no harm: only the parts that ``complete`` names are used."""
        name = (f"{payload.filename}.part", block, "application/octet-stream")
        part = self.service.ask(
            lambda client: client.uploads.parts.with_raw_response.create(upload_id=upload, data=name), Part
        )
        self._note("part", payload, upload=upload, part=part.id)
        return part.id

    def _complete(self, payload: Payload, upload: str, parts: list[str], *, unsure: bool) -> RemoteFile:
        def look() -> Upload | None:
            file = self.find(payload)
            return Upload(upload, "completed", file=file) if file else None

        self._note("completing", payload, upload=upload)
        done = self.service.once(
            look,
            lambda client: client.uploads.with_raw_response.complete(upload, part_ids=parts, md5=payload.md5),
            Upload,
            unsure=unsure,
        )
        file = done.file or self.find(payload)
        if file is None:
            raise FtlintError(
                f"{payload.shown}: the upload {upload} was completed, but the service shows no file of it"
            )
        return file

    def wait(self, file: RemoteFile, payload: Payload) -> None:
        """Wait until a file can be trained on.

        Raises:
            FtlintError: the service refuses it, or takes too long.
        """
        end = time.monotonic() + self.service.pace.processing
        while file.status != "processed":
            if file.status in GONE:
                raise FtlintError(_refusal(payload, self.service.redact(file.status_details or "")))
            if time.monotonic() > end:
                raise FtlintError(
                    f"{payload.shown}: the service has not processed {file.id} in {self.service.pace.processing:g} s; "
                    "the same command goes on from here"
                )
            if file.status:
                time.sleep(self.service.pace.poll)
            file = self._file(file.id)

    def _file(self, name: str) -> RemoteFile:
        return self.service.ask(lambda client: client.files.with_raw_response.retrieve(name), RemoteFile)


def _refusal(payload: Payload, said: str) -> str:
    meaning = explain(said).meaning if said else None
    more = f"\n  cause: {meaning.cause}\n  fix: {meaning.fix}" if meaning else ""
    return f"{payload.shown}: the service does not accept the file: {said or 'it does not say why'}{more}"

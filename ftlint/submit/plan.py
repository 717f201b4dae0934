"""What will be done, settled and checked before anything is sent: bytes, model, parameters, cost, and their digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ftlint import api
from ftlint.config import Config
from ftlint.errors import FtlintError
from ftlint.identity import canonical
from ftlint.model import Split
from ftlint.report import Report
from ftlint.submit import dataset
from ftlint.submit.connection import Endpoint
from ftlint.submit.dataset import Payload
from ftlint.submit.parameters import OWN_KEY, Method, Parameters, request, verify
from ftlint.targets import Target, load

METHODS: Mapping[str, Method] = {
    "chat": "supervised",
    "completion": "supervised",
    "preference": "dpo",
    "reinforcement": "reinforcement",
}
DATES = ("closed-target", "retired-model")
"""Rules of OpenAI's own dates, which no other server is bound by."""


class Plan(Struct, frozen=True):
    """A submission, settled.

    Attributes:
        name: of the dataset.
        model: as it is sent.
        files: what is uploaded, by split.
        report: of the check of exactly these bytes.
        digest: of bytes and parameters; the same digest is the same submission.
    """

    name: str
    target: Target
    model: str
    method: Method
    parameters: Parameters
    files: Mapping[Split, Payload]
    report: Report
    digest: str

    def job(self, files: Mapping[Split, str], run: int) -> dict[str, Any]:
        """What ``fine_tuning.jobs.create`` is given, with the ids of the uploaded files."""
        asked: dict[str, Any] = {"model": self.model, "training_file": files["train"]}
        if "validation" in files:
            asked["validation_file"] = files["validation"]
        metadata = {**self.parameters.metadata, OWN_KEY: mark(self.digest, run)}
        return {**asked, **request(self.parameters, self.method), "metadata": metadata}


def mark(digest: str, run: int) -> str:
    """The value of a job's metadata by which it is found again."""
    return f"{digest}:{run}"


def settle_target(name: str | None, config: Config) -> tuple[str, Target]:
    """The target, and the model's name as the service wants it.

    Raises:
        FtlintError: none is named, or there is no such one.
    """
    from ftlint.settings import target_of

    given = name or config.target
    if not given:
        raise FtlintError(
            "which model is to be trained? name it: --target openai/gpt-4.1-mini, or target: in ftlint.yaml"
        )
    target = target_of(config, name)
    bare = given.strip().removeprefix(f"{target.provider}/")
    is_tuned = bare.startswith("ft:") or ".ft-" in bare
    return (bare if is_tuned else target.model), target


def verify_dates(target: Target, endpoint: Endpoint, today: date) -> None:
    """Hold OpenAI's and Azure's dates against the day.

    Raises:
        FtlintError: the model is shut down, or takes no new jobs.
    """
    if not (endpoint.is_openai or endpoint.is_azure):
        return
    instead = f"; use {target.replacement}" if target.replacement else ""
    if target.shutdown and target.shutdown <= today:
        raise FtlintError(f"{target.name} was shut down on {target.shutdown}{instead}")
    if target.jobs_close and target.jobs_close <= today:
        raise FtlintError(f"{target.name} takes no new jobs since {target.jobs_close}{instead}")


def settle_method(given: Parameters, train: Payload, config: Config) -> Method:
    """The method that the data is made for.

    Raises:
        FtlintError: it is made for another one than the user asks for.
    """
    shape = config.method or dataset.shape(train)
    method = METHODS[shape] if shape else given.method or "supervised"
    if given.method and given.method != method:
        raise FtlintError(f"{train.shown} holds {shape} records, which {method} takes and {given.method} does not")
    return method


def plan(
    chosen: dataset.Chosen, config: Config, given: Parameters, target: str | None, endpoint: Endpoint, today: date
) -> Plan:
    """Settle a submission: everything that can be refused without the service is refused here.

    Errors that the check finds are in the ``report``.

    Raises:
        FtlintError: a parameter, the model or the data is such that no request is worth sending.
    """
    if given.n_epochs is None and config.epochs is not None:
        given = replace(given, n_epochs=config.epochs)
    model, resolved = settle_target(target, config)
    verify_dates(resolved, endpoint, today)
    files = dataset.payloads(chosen, config)
    try:
        method, report = _checked(files, config, given, resolved, endpoint)
    except BaseException:
        dataset.discard(files.values())
        raise
    known = {split: payload.sha256 for split, payload in files.items()}
    all_ = {"model": model, "files": known, "metadata": dict(given.metadata), **request(given, method)}
    digest = hashlib.sha256(canonical(all_)).hexdigest()[:32]
    return Plan(chosen.name, resolved, model, method, given, files, report, digest)


def _checked(
    files: Mapping[Split, Payload], config: Config, given: Parameters, target: Target, endpoint: Endpoint
) -> tuple[Method, Report]:
    if "validation" in files and files["validation"].sha256 == files["train"].sha256:
        raise FtlintError("the validation file is the training file: it would validate nothing")
    method = settle_method(given, files["train"], config)
    verify(given, method)
    _verify_sizes(files)
    report = _check(files, config, given, target, endpoint)
    for payload in files.values():
        dataset.verify_unchanged(payload)
    return method, report


def _verify_sizes(files: Mapping[Split, Payload]) -> None:
    most = load.provider("openai")["facts"]["max_upload_bytes"]["value"]
    for payload in files.values():
        if payload.size > most:
            raise FtlintError(f"{payload.shown} has {payload.size:,} bytes; the service takes {most:,}, even in parts")


def _check(
    files: Mapping[Split, Payload], config: Config, given: Parameters, target: Target, endpoint: Endpoint
) -> Report:
    paths = {split: payload.checked for split, payload in files.items()}
    alone = replace(config, datasets={"submission": paths}, builds={}, include=(), exclude=())
    ignored = () if endpoint.is_openai or endpoint.is_azure else DATES
    large = () if endpoint.is_azure else ("oversize-file",)  # it will be sent in parts
    options = api.Options(target=target.name, epochs=given.n_epochs, ignore=[*config.ignore, *ignored, *large])
    return api.check([path for some in paths.values() for path in some], config=alone, options=options)

"""A server on loopback that speaks OpenAI's API for training and use, keeps state, and injects faults by plan.

    with openai_server() as server:
        server.env                      # {"OPENAI_API_KEY": …, "OPENAI_BASE_URL": …}; Azure: server.azure_env
        server.plan("POST /fine_tuning/jobs", "reset-after")        # the next such request; times=, skip=, seconds=
        …
        server.asked("POST /fine_tuning/jobs")                      # the requests that came: .method .path .data .ok
        server.state.jobs, .files, .contents, .models, .events      # what it holds: openai_state.State, and its knobs
        assert not server.wrong                                     # requests that the package's types do not accept

It speaks files (+ content), uploads (parts, complete, cancel), fine_tuning/jobs (+ events, checkpoints, cancel, pause,
resume), models, moderations, chat/completions (streamed, if so asked); every answer has x-ratelimit-* headers
(``server.limits``). A job goes one stage on with each look at it. ``server.reply(model, messages)`` gives the text of
an answer, ``server.scores(text)`` the {category: score} of a moderation, flagged from 0.5 on; ``server.closed = True``
refuses new jobs with the 403 ``training_not_available``.

Kinds of fault: ``429`` (no header), ``429-after`` (Retry-After: ``seconds``), ``500``, ``503``, ``400``, ``401``,
``403``, ``training_not_available``, ``reset-before`` (connection reset, nothing done), ``slow`` (``seconds`` before
anything is done); and with the effect done, but not told: ``reset-after``, ``500-after``, ``slow-after``,
``truncated``, ``malformed`` (no JSON), ``odd`` (JSON of another shape); and ``late``: connection reset, and the effect
done ``seconds`` later. In an answer that is streamed, after ``events``
of it: ``chunk-reset``, ``chunk-malformed``, ``chunk-odd``, ``chunk-error`` (told as an event), ``chunk-end`` (it just
ends), ``chunk-undone`` (whole, but without ``[DONE]``) and ``chunk-held`` (the rest comes once ``fault.go`` is set).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

import flask
from openai.types import (
    FileObject,
    ModerationCreateParams,
    ModerationCreateResponse,
    file_list_params,
    upload_complete_params,
    upload_create_params,
)
from openai.types.chat import completion_create_params
from openai.types.fine_tuning import job_create_params
from openai_chat import completion
from openai_faults import AFTER, BEFORE, CLOSED, LATE, STREAMED, Fault, after, before, delayed, refused
from openai_state import Data, RefusalError, State, told
from pydantic import TypeAdapter, ValidationError
from werkzeug.serving import WSGIRequestHandler, make_server

KEY = "sk-test-" + "5ecre7" * 6
CATEGORIES = (
    "harassment harassment/threatening hate hate/threatening illicit illicit/violent self-harm self-harm/instructions "
    "self-harm/intent sexual sexual/minors violence violence/graphic"
).split()
TYPES: dict[str, TypeAdapter[Any]] = {
    "POST /fine_tuning/jobs": TypeAdapter(job_create_params.JobCreateParams),
    "POST /uploads": TypeAdapter(upload_create_params.UploadCreateParams),
    "POST /uploads/*/complete": TypeAdapter(upload_complete_params.UploadCompleteParams),
    "POST /moderations": TypeAdapter(ModerationCreateParams),
    "POST /chat/completions": TypeAdapter(completion_create_params.CompletionCreateParams),
    "GET /files": TypeAdapter(file_list_params.FileListParams),
}


@dataclass(frozen=True)
class Asked:
    """A request that came; ``data`` is its JSON, its form fields, or its query; ``ok`` is false if a fault met it."""

    method: str
    path: str
    data: Data
    ok: bool = True


@dataclass
class Server:
    """What the server holds, how it behaves, and what it was asked."""

    state: State = field(default_factory=State)
    faults: list[Fault] = field(default_factory=list)
    requests: list[Asked] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    limits: dict[str, tuple[int, int, str]] = field(
        default_factory=lambda: {"requests": (500, 499, "120ms"), "tokens": (200_000, 199_000, "6m0s")}
    )
    reply: Callable[[str, list[Data]], str] = lambda model, messages: f"{model} hears: {messages[-1]['content']}"
    scores: Callable[[str], Mapping[str, float]] = lambda text: {}
    closed: bool = False
    key: str = KEY
    port: int = 0
    lock: Any = field(default_factory=threading.RLock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def env(self) -> dict[str, str]:
        return {"OPENAI_API_KEY": self.key, "OPENAI_BASE_URL": self.url}

    @property
    def azure_env(self) -> dict[str, str]:
        where = {"AZURE_OPENAI_ENDPOINT": self.url.removesuffix("/v1"), "OPENAI_API_VERSION": "2025-04-01-preview"}
        return {"AZURE_OPENAI_API_KEY": self.key, **where}

    def plan(self, at: str, kind: str, times: int = 1, skip: int = 0, **how: Any) -> Fault:
        """Add a fault for the requests ``METHOD /path``; ``*`` in it stands for anything."""
        assert kind in BEFORE + AFTER + LATE + STREAMED, kind
        self.faults.append(Fault(at, kind, times, skip, **how))
        return self.faults[-1]

    def asked(self, at: str = "*") -> list[Asked]:
        return [one for one in self.requests if fnmatchcase(f"{one.method} {one.path}", at)]

    def fault(self, line: str) -> Fault | None:
        """The fault that meets this request."""
        with self.lock:
            for fault in self.faults:
                if fault.times and fnmatchcase(line, fault.at):
                    if fault.skip:
                        fault.skip -= 1
                        continue
                    fault.times -= 1
                    return fault
        return None


def given() -> Data:
    """What the request says: JSON, form fields or query."""
    request = flask.request
    if request.is_json:
        return dict(request.get_json(silent=True) or {})
    return request.form.to_dict() if request.method == "POST" else request.args.to_dict()


def verify(server: Server, line: str, data: Data) -> None:
    """Hold a request to the package's type; unknown keys are refused as well."""
    kind = next((kind for pattern, kind in TYPES.items() if fnmatchcase(line, pattern) and "/parts" not in line), None)
    if kind is None:
        return
    data = {key: value for key, value in data.items() if key != "api-version"}
    try:
        said = kind.dump_python(kind.validate_python(data), mode="json", warnings=False)
    except ValidationError as error:
        words = f"{line}: {error}"
    else:
        lost = data.keys() - said.keys()
        words = f"{line}: unknown {sorted(lost)}" if lost else ""
    if words:
        server.wrong.append(words)
        raise RefusalError(400, "invalid_request", words)


def page(items: list[Data], default: int) -> Data:
    """A page of a list, as ``after`` and ``limit`` of the query ask for it."""
    query, names = flask.request.args, [item["id"] for item in items]
    start = names.index(query["after"]) + 1 if query.get("after") in names else 0
    stop = start + int(query.get("limit", default))
    return {"object": "list", "data": items[start:stop], "has_more": stop < len(items)}


def moderation(server: Server, data: Data) -> Data:
    texts = data["input"] if isinstance(data["input"], list) else [data["input"]]
    results = []
    for text in texts:
        scores = {**dict.fromkeys(CATEGORIES, 0.001), **server.scores(text if isinstance(text, str) else text["text"])}
        categories = {name: score >= 0.5 for name, score in scores.items()}
        kinds = {"category_applied_input_types": {name: ["text"] for name in scores}, "category_scores": scores}
        results.append({"categories": categories, **kinds, "flagged": any(categories.values())})
    return told(ModerationCreateResponse, {"id": "modr-1", "model": "omni-moderation-2024-09-26", "results": results})


def listed_files(server: Server) -> Data:
    wanted = flask.request.args.get("purpose")
    files = [told(FileObject, file) for file in server.state.files.values() if wanted in (None, file["purpose"])]
    return page(files[::-1], 10_000)


def listed_jobs(server: Server) -> Data:
    jobs = [server.state.shown(name) for name in server.state.jobs]
    for key, value in flask.request.args.items():
        if key.startswith("metadata["):
            jobs = [job for job in jobs if (job["metadata"] or {}).get(key[9:-1]) == value]
    return page(jobs[::-1], 20)


def new_job(server: Server) -> Data:
    if server.closed:
        raise RefusalError(403, "training_not_available", CLOSED)
    return server.state.add_job(given())


def new_file(server: Server) -> Data:
    sent = flask.request.files["file"]
    assert sent.filename
    return told(FileObject, server.state.add_file(sent.filename, sent.read(), given()["purpose"]))


def routes(server: Server) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    state = server.state
    job, active = "/fine_tuning/jobs/<name>", ("validating_files", "queued", "running")
    yield "GET", "/files", lambda: listed_files(server)
    yield "POST", "/files", lambda: new_file(server)
    yield "GET", "/files/<name>", state.file
    yield "GET", "/files/<name>/content", lambda name: flask.Response(state.contents[name])
    yield "POST", "/uploads", lambda: state.add_upload(given())
    yield "POST", "/uploads/<name>/parts", lambda name: state.add_part(name, flask.request.files["data"].read())
    yield "POST", "/uploads/<name>/complete", lambda name: state.complete(name, given()["part_ids"])
    yield "POST", "/uploads/<name>/cancel", lambda name: state.pending(name) | {"status": "cancelled"}
    yield "GET", "/fine_tuning/jobs", lambda: listed_jobs(server)
    yield "POST", "/fine_tuning/jobs", lambda: new_job(server)
    yield "GET", job, state.job
    yield "GET", f"{job}/events", lambda name: page(state.events[state.shown(name)["id"]][::-1], 20)
    yield "GET", f"{job}/checkpoints", lambda name: page(state.checkpoints[state.shown(name)["id"]][::-1], 10)
    yield "POST", f"{job}/cancel", lambda name: state.turn(name, "cancelled", (*active, "paused"))
    yield "POST", f"{job}/pause", lambda name: state.turn(name, "paused", active)
    yield "POST", f"{job}/resume", lambda name: state.turn(name, "running", ("paused",))
    yield "GET", "/models", lambda: {"object": "list", "data": [state.model(name) for name in state.models]}
    yield "GET", "/models/<path:name>", state.model
    yield "POST", "/moderations", lambda: moderation(server, given())
    yield "POST", "/chat/completions", lambda: completion(server, given())
    yield "POST", "/deployments/<model>/chat/completions", lambda model: completion(server, {**given(), "model": model})


def authorised(server: Server) -> None:
    head = flask.request.headers
    key = head.get("api-key") or head.get("Authorization", "").removeprefix("Bearer ")
    if key != server.key:
        raise RefusalError(401, "invalid_api_key", f"Incorrect API key provided: {key}. You can find your API key at …")


def answering(server: Server, act: Callable[..., Any]) -> Callable[..., flask.Response]:
    """A view: the fault that is planned, the request's type, the effect, the headers."""

    def view(**where: str) -> flask.Response:
        path = re.sub("^/(openai/v1|openai|v1)/", "/", flask.request.path)
        line, data = f"{flask.request.method} {path}", given()
        fault = server.fault(line)
        server.requests.append(Asked(flask.request.method, path, data, fault is None))
        if fault and fault.kind in LATE:
            return delayed(fault, lambda: effect(server, line, data, lambda: act(**where)))
        answer = before(fault, server.key) if fault and fault.kind in BEFORE else None
        if answer is None:
            answer = effect(server, line, data, lambda: act(**where))
        for name, (limit, left, reset_in) in server.limits.items():
            told = {"limit": str(limit), "remaining": str(left), "reset": reset_in}
            answer.headers.update({f"x-ratelimit-{key}-{name}": value for key, value in told.items()})
        return after(fault, answer) if fault and fault.kind not in BEFORE else answer

    return view


def effect(server: Server, line: str, data: Data, act: Callable[[], Any]) -> flask.Response:
    """Do what is asked, if it may be."""
    with server.lock:
        try:
            authorised(server)
            verify(server, line, data)
            return flask.make_response(act())
        except RefusalError as no:
            return refused(no.status, no.error["code"], str(no), no.error["param"])


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


def application(server: Server) -> flask.Flask:
    app = flask.Flask("openai")
    for method, path, act in routes(server):
        for prefix in ("/v1", "/openai", "/openai/v1"):
            app.add_url_rule(prefix + path, f"{method} {prefix}{path}", answering(server, act), methods=[method])
    return app


@contextmanager
def openai_server(**how: Any) -> Iterator[Server]:
    """A server in threads of this process, so that clients may be processes and may be killed."""
    server = Server(**how)
    web = make_server("127.0.0.1", 0, application(server), threaded=True, request_handler=Quiet)
    web.daemon_threads = True
    server.port = web.server_port
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        web.shutdown()
        thread.join()
        web.server_close()

"""Faults that the OpenAI server of the tests injects by plan: what they do before an effect, and after it."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import flask
from openai_state import RefusalError

BEFORE = ("429", "429-after", "500", "503", "400", "401", "403", "training_not_available", "reset-before", "slow")
AFTER = ("reset-after", "500-after", "slow-after", "truncated", "malformed", "odd")
LATE = ("late",)
STREAMED = ("chunk-reset", "chunk-malformed", "chunk-odd", "chunk-error", "chunk-end", "chunk-undone", "chunk-held")
FINAL = ("400", "401", "403", "training_not_available")
CLOSED = (
    "OpenAI is winding down the fine-tuning platform and your organization is no longer able to create new "
    "fine-tuning training jobs."
)

SAID = {
    "chunk-malformed": b'data: {"id": "chatcmpl-1", "choi\n\n',
    "chunk-odd": b'data: {"object": "list", "choices": {"done": true}}\n\n',
    "chunk-error": b'data: {"error": {"message": "The server had an error", "type": "server_error", "code": null}}\n\n',
}


@dataclass
class Fault:
    """A fault that waits for requests that ``at`` fits: after ``skip`` of them it meets the next ``times``."""

    at: str
    kind: str
    times: int = 1
    skip: int = 0
    seconds: float = 0.0
    events: int = 3
    go: threading.Event = field(default_factory=threading.Event)


def reset(connection: socket.socket | None = None) -> None:
    """End the connection at once, without an answer."""
    connection = connection or flask.request.environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.shutdown(socket.SHUT_RDWR)


def delayed(fault: Fault, effect: Callable[[], object]) -> flask.Response:
    """Have an effect ``seconds`` after the connection has ended; of requests with JSON only."""
    timer = threading.Timer(fault.seconds, flask.copy_current_request_context(effect))
    timer.daemon = True
    timer.start()
    reset()
    return flask.Response()


def refused(status: int, code: str | None, message: str, param: str | None = None) -> flask.Response:
    answer = flask.jsonify({"error": RefusalError(status, code, message, param).error})
    answer.status_code = status
    return answer


def before(fault: Fault, key: str) -> flask.Response | None:
    """What a fault does before anything is done."""
    if fault.kind == "slow":
        time.sleep(fault.seconds)
        return None
    if fault.kind == "reset-before":
        reset()
        return flask.Response()
    if fault.kind == "training_not_available":
        return refused(403, fault.kind, CLOSED)
    status, _, after = fault.kind.partition("-")
    told = f"The server is told to answer {status}; your key is {key}"
    code = {"429": "rate_limit_exceeded", "401": "invalid_api_key"}.get(status)
    answer = refused(int(status), code, told)
    if after:
        answer.headers["Retry-After"] = f"{fault.seconds:g}"
    return answer


def after(fault: Fault, answer: flask.Response) -> flask.Response:
    """What a fault does once the effect is there."""
    if fault.kind in STREAMED:
        answer.response = broken(fault, answer.iter_encoded(), flask.request.environ["werkzeug.socket"])
        return answer
    body = answer.get_data()
    if fault.kind == "slow-after":
        time.sleep(fault.seconds)
    elif fault.kind == "reset-after":
        reset()
    elif fault.kind == "500-after":
        return refused(500, None, "The server had an error while processing your request")
    elif fault.kind == "truncated":
        answer.headers["Content-Length"] = str(len(body))
        answer.automatically_set_content_length = False
        answer.response = [body[: len(body) // 2]]
    elif fault.kind == "malformed":
        answer.set_data(body[: len(body) // 2])
    elif fault.kind == "odd":
        answer.set_data(json.dumps({"object": "list", "status": {"done": True}, "data": None}))
    return answer


def broken(fault: Fault, events: Iterator[bytes], connection: socket.socket) -> Iterator[bytes]:
    """The events of a stream, and what a fault makes of them."""
    for number, event in enumerate(events):
        if number == fault.events and fault.kind != "chunk-undone":
            if fault.kind == "chunk-reset":
                reset(connection)
            if fault.kind in ("chunk-reset", "chunk-end"):
                return
            if fault.kind == "chunk-held":
                fault.go.wait(20)
            else:
                yield SAID[fault.kind]
        if fault.kind != "chunk-undone" or b"[DONE]" not in event:
            yield event

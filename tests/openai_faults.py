"""Faults that the OpenAI server of the tests injects by plan: what they do before an effect, and after it."""

from __future__ import annotations

import json
import socket
import struct
import time
from dataclasses import dataclass

import flask
from openai_state import Refusal

BEFORE = ("429", "429-after", "500", "503", "401", "403", "training_not_available", "reset-before", "slow")
AFTER = ("reset-after", "500-after", "slow-after", "truncated", "malformed", "odd")
FINAL = ("401", "403", "training_not_available")
CLOSED = (
    "OpenAI is winding down the fine-tuning platform and your organization is no longer able to create new "
    "fine-tuning training jobs."
)


@dataclass
class Fault:
    """A fault that waits for requests that ``at`` fits: after ``skip`` of them it meets the next ``times``."""

    at: str
    kind: str
    times: int = 1
    skip: int = 0
    seconds: float = 0.0


def reset() -> None:
    """End the connection at once, without an answer."""
    connection: socket.socket = flask.request.environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.shutdown(socket.SHUT_RDWR)


def refused(status: int, code: str | None, message: str, param: str | None = None) -> flask.Response:
    answer = flask.jsonify({"error": Refusal(status, code, message, param).error})
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

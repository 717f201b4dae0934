"""Fixes of what is around the records: line ends, blank lines, the byte order mark."""

from __future__ import annotations

from ftlint.fixes import Seen, fixer
from ftlint.model import Finding, Fix


@fixer("blank-line")
def blank_line(seen: Seen, finding: Finding) -> Fix:
    return Fix("remove the blank line", lines=(seen.tail,) if seen.tail else ())


@fixer("crlf-line-end")
def crlf_line_end(seen: Seen, finding: Finding) -> Fix:
    return Fix("end the line with a plain newline", lines=(seen.head.data.rstrip(b"\r") + b"\n" + seen.tail,))


@fixer("missing-final-newline")
def missing_final_newline(seen: Seen, finding: Finding) -> Fix:
    return Fix("end the line with a newline", lines=(seen.line.data + b"\n",))


@fixer("byte-order-mark")
def byte_order_mark(seen: Seen, finding: Finding) -> Fix:
    return Fix("remove the byte order mark", lines=(seen.data + seen.line.ending,))

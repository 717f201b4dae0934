"""Where the reading of YAML stopped: the place, the parser's words, and what had been read before it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from ftlint.authoring.compose import tokens as scanned
from ftlint.authoring.lines import SourceLines
from ftlint.yamltree.nodes import FaultError

_KINDS = {
    "KeyToken": "key",
    "ValueToken": "value",
    "BlockEntryToken": "entry",
    "ScalarToken": "scalar",
    "AliasToken": "alias",
    "AnchorToken": "anchor",
    "TagToken": "tag",
}
_FLOWS = {
    "FlowSequenceStartToken": 1,
    "FlowMappingStartToken": 1,
    "FlowSequenceEndToken": -1,
    "FlowMappingEndToken": -1,
}
_BLOCKS = {"BlockMappingStartToken": "mapping", "BlockSequenceStartToken": "sequence"}
_KEPT = 64


@dataclass(frozen=True, slots=True)
class Token:
    """Characters ``[start, stop)`` of the text.

    Attributes:
        kind: ``key``, ``value``, ``entry`` (their marks), ``scalar``, ``alias``, ``anchor``, ``tag``, or ``flow``: a
            whole list or mapping in brackets.
        style: the quote or block mark of a scalar; ``open`` for brackets that are not closed.
    """

    kind: str
    start: int
    stop: int
    style: str = ""


@dataclass(frozen=True)
class Stop:
    """Where and why the parser stopped.

    Attributes:
        index: the character at which it noticed; ``at``: the one at which the thing it was reading began.
        problem: its words.
        tokens: the last ones that begin before ``at``.
        blocks: kind and column of the mappings and lists that are open at the start of the line of ``at``.
    """

    source: SourceLines
    index: int
    at: int
    problem: str
    tokens: tuple[Token, ...]
    blocks: tuple[tuple[str, int], ...]

    @property
    def text(self) -> str:
        return self.source.text

    @property
    def last(self) -> Token:
        return self.tokens[-1] if self.tokens else Token("", 0, 0)

    def begins_value(self) -> bool:
        """Whether a key's value, or an item, should begin at ``at``, on the line of its key or dash."""
        return self.last.kind in ("value", "entry") and self.source.together(self.last.start, self.at)

    def head(self, position: int = -1) -> int:
        """Of a value's token (or of the colon or dash before it) the position of that colon or dash; -1 for none."""
        position %= max(len(self.tokens), 1)
        kinds = [token.kind for token in self.tokens[: position + 1]]
        while kinds and kinds[-1] in ("scalar", "alias", "anchor", "tag", "flow"):
            kinds.pop()
        return len(kinds) - 1 if kinds and kinds[-1] in ("value", "entry") else -1

    def owner(self, position: int = -1) -> Token | None:
        """The key of a value by the position of its token; None for an item of a list."""
        head = self.head(position)
        if head < 1 or self.tokens[head].kind != "value" or self.tokens[head - 1].kind != "scalar":
            return None
        return self.tokens[head - 1]

    def name(self, token: Token | None) -> str:
        """The text of a key."""
        return self.text[token.start : token.stop] if token else ""


def stop(source: SourceLines, error: Exception) -> Stop:
    """Read the text once more up to the place of an error of PyYAML or of ``yamltree``."""
    if isinstance(error, FaultError):
        index, problem = error.args
        began = index
    else:
        mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
        problem = f"{getattr(error, 'problem', None) or error}"
        index = mark.index if mark else 0
        doing = str(getattr(error, "context", None) or "")
        around = "plain scalar" in doing or "block mapping" in doing or "block collection" in doing
        began = context.index if context and not around and "document" not in doing else index
    index, began = min(index, len(source.text)), min(began, index, len(source.text))
    tokens, blocks = _before(source, began)
    return Stop(source, index, began, problem, tokens, blocks)


def _before(source: SourceLines, at: int) -> tuple[tuple[Token, ...], tuple[tuple[str, int], ...]]:
    tokens: deque[Token] = deque(maxlen=_KEPT)
    blocks: list[tuple[str, int]] = []
    depth, line = 0, source.start(at)
    for name, start, end, style in _scan(source.text, at):
        if name in _FLOWS:
            depth += _FLOWS[name]
            if depth == 1 and _FLOWS[name] > 0:
                tokens.append(Token("flow", start, end, "open"))
            elif depth == 0 and tokens:
                tokens.append(Token("flow", tokens.pop().start, end))
        elif depth == 0 and name in _KINDS:
            tokens.append(Token(_KINDS[name], start, end, style))
        elif start < line and name in _BLOCKS:
            blocks.append((_BLOCKS[name], source.column(start)))
        elif start < line and name == "BlockEndToken" and blocks:
            blocks.pop()
    return tuple(tokens), tuple(blocks)


def _scan(text: str, at: int) -> Iterator[tuple[str, int, int, str]]:
    """Name, start, end and style of the tokens that begin before a character."""
    import yaml

    try:
        for token in scanned(text):
            start = token.start_mark.index
            if start >= at:
                return
            yield type(token).__name__, start, token.end_mark.index, getattr(token, "style", None) or ""
    except (yaml.YAMLError, ValueError):
        return

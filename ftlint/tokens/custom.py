"""The counter of a model with a vocabulary of its own: ``tokenizer.json``, read by the ``tokenizers`` package."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from typing import Any

from ftlint.errors import FtlintError
from ftlint.targets import Target
from ftlint.tokens.counters import Counter, counter, scalar


class Custom:
    """tokenizers, with the user's own vocabulary: nothing is added, cut or padded, and special tokens are text."""

    name, note = "tokenizers", ""

    def __init__(self, path: str) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        try:
            from tokenizers import Tokenizer
        except ImportError:
            raise FtlintError(
                f"{path} needs the package tokenizers to count with: pip install 'ftlint[tokenizers]'"
            ) from None
        try:
            loaded: Any = Tokenizer.from_file(path)
        except Exception as error:
            raise FtlintError(f"{path} is no tokenizer.json that tokenizers can read: {error}") from None
        loaded.no_truncation()
        loaded.no_padding()
        loaded.encode_special_tokens = True
        self._tokenizer = loaded

    def count(self, text: str, /) -> int:
        return self.count_all((text,))[0]

    def count_all(self, texts: Sequence[str], /) -> list[int]:
        try:
            encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        except (UnicodeEncodeError, TypeError):
            encoded = self._tokenizer.encode_batch_fast(list(map(scalar, texts)), add_special_tokens=False)
        return [len(each.ids) for each in encoded]


@cache
def _custom(path: str, encoding: str) -> Custom:
    """The counter of a file; ``encoding`` holds the digest of its content, so that a changed one is read anew."""
    return Custom(path)


def counter_of(target: Target, size: int = 0) -> Counter:
    """The counter of a target: of its own vocabulary, or of its encoding, for about ``size`` bytes of text."""
    return _custom(target.tokenizer, target.encoding) if target.tokenizer else counter(target.encoding, size)

"""Files that authored YAML includes: found inside the project, read once, bounded in size."""

from __future__ import annotations

import base64
import os
import stat
from dataclasses import dataclass, field
from typing import Any

from xxhash import xxh3_128_hexdigest

from ftlint.authoring.reader import Pair, Reader
from ftlint.authoring.source import SourceText
from ftlint.suggest import suggest

MAX_BYTES = 32 << 20
"""How large an included file may be: as large as a line of JSONL."""

_MAGIC = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"))


class _RefusedError(Exception):
    """A file that cannot be included: (rule, values)."""


@dataclass(eq=False)
class Files:
    """The files that one YAML file includes, by the path that it gives; ``None`` for those that were refused.

    Attributes:
        path, file: the YAML file, as it is shown and as it is opened.
        root: the folder of the project, which nothing may leave.
        sources: the texts that were read, by the file that was opened.
        digests: what each file as it is named leads to, and the digest of what was read there.
    """

    path: str
    file: str
    root: str
    sources: dict[str, SourceText] = field(default_factory=dict)
    opened: dict[str, None] = field(default_factory=dict)
    digests: dict[str, tuple[str, str]] = field(default_factory=dict)
    _texts: dict[str, SourceText] = field(default_factory=dict)
    _images: dict[str, str] = field(default_factory=dict)

    def text(self, reader: Reader, pair: Pair) -> SourceText | None:
        """The text of the file that a scalar names."""
        given = reader.text(pair, what="the path of a file")
        if given is None or given in self._texts:
            return None if given is None else self._texts[given]
        data = self._read(reader, pair[1], given)
        if data is None:
            return None
        file = self._file(given)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            seen = f'the file "{given}" holds byte 0x{data[error.start]:02X}'
            reader.fault("not-utf8", pair[1], seen=seen, count=1)
            return None
        shown = os.path.normpath(os.path.join(os.path.dirname(self.path), given)).replace(os.sep, "/")
        self._texts[given] = self.sources[file] = source = SourceText(shown, file, text)
        return source

    def image(self, reader: Reader, pair: Pair) -> str | None:
        """The image that a scalar names, as a data URL."""
        given = reader.text(pair, what="the path of an image")
        if given is None or given in self._images:
            return None if given is None else self._images[given]
        data = self._read(reader, pair[1], given)
        if data is None:
            return None
        kind = next((kind for magic, kind in _MAGIC if data.startswith(magic)), "")
        kind = "webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else kind
        if not kind:
            fix = "save it in one of these formats, or give the address of the image"
            reader.wrong(pair[1], f'"{given}" is no PNG, JPEG or WEBP image', fix)
            return None
        self._images[given] = url = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
        return url

    def _file(self, given: str) -> str:
        return os.path.join(os.path.dirname(os.path.abspath(self.file)), given)

    def _read(self, reader: Reader, node: Any, given: str) -> bytes | None:
        try:
            return self._bytes(given)
        except _RefusedError as refused:
            rule, values = refused.args
            reader.fault(rule, node, file=given, **values)
            return None

    def _bytes(self, given: str) -> bytes:
        """The bytes of a file inside the project.

        Raises:
            _RefusedError: it lies outside, is not there, or cannot be read.
        """
        file = self._file(given)
        try:
            real, root = os.path.realpath(file), os.path.realpath(self.root)
            if os.path.isabs(given) or os.path.commonpath([real, root]) != root:
                raise _RefusedError("outside-file", {})
            self.opened[real] = None
            if not stat.S_ISREG(os.stat(real).st_mode):
                raise _RefusedError("missing-file", {"reason": "is no file", "suggestion": ""})
            with open(real, "rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        except FileNotFoundError:
            raise _RefusedError("missing-file", {"reason": "does not exist", "suggestion": _meant(file)}) from None
        except (OSError, ValueError) as error:
            words = error.strerror if isinstance(error, OSError) else "no name of a file"
            raise _RefusedError("missing-file", {"reason": f"cannot be read ({words})", "suggestion": ""}) from None
        if len(data) > MAX_BYTES:
            reason = f"is larger than {MAX_BYTES >> 20} MiB"
            raise _RefusedError("missing-file", {"reason": reason, "suggestion": ""})
        self.digests[file] = (real, xxh3_128_hexdigest(data))
        return data


def _meant(file: str) -> str:
    """`` — did you mean "support.md"?``, or nothing where no file in the folder has a similar name."""
    folder, name = os.path.split(file)
    try:
        return suggest(name, os.listdir(folder or "."))
    except OSError:
        return ""

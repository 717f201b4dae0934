"""What the tests of commands share: ``ftlint`` in this process."""

from __future__ import annotations

from click.testing import CliRunner, Result

from ftlint.cli import cli


def ftlint(*words: str, stdin: str | bytes | None = None) -> Result:
    """One command in the current folder; it ends with an exit code, not with an error."""
    done = CliRunner().invoke(cli, list(words), input=stdin)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert "internal error" not in done.output
    return done


def check(*words: str, stdin: bytes | None = None) -> tuple[int, str]:
    """The exit code and the text of ``ftlint check``."""
    done = ftlint("check", *words, stdin=stdin)
    return done.exit_code, done.output

"""The command line: a module a command, imported when it is called. It parses, calls the API, renders and exits."""

from __future__ import annotations

import os
import sys
from functools import cache
from importlib import import_module
from keyword import iskeyword
from pkgutil import iter_modules
from typing import Any, NoReturn

import click

from ftlint.errors import FtlintError
from ftlint.suggest import did_you_mean, nearest

COULD_NOT_CHECK = 2
INTERRUPTED = 130


class Commands(click.Group):
    """The commands are the modules of this folder that do not start with an underscore (``import_`` is ``import``)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return _names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name}{'_' * iskeyword(cmd_name)}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which was meant."""
        known = self.list_commands(ctx)
        if args and args[0] not in known:
            if near := nearest(args[0], known):
                ctx.fail(f'There is no command "{args[0]}"{did_you_mean(near)}')
            if os.path.exists(args[0]):
                ctx.fail(f'"{args[0]}" is a file, not a command{did_you_mean(f"ftlint check {args[0]}")}')
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run; every error on purpose is one message on standard error and exit code 2."""
        try:
            return super().main(*args, **kwargs)
        except FtlintError as error:
            fail(str(error))
        except OSError as error:
            _drop_output()
            fail(f"could not go on: {_reason(error)}")
        except Exception as error:
            if os.environ.get("FTLINT_TRACEBACK"):
                raise
            fail(
                f"internal error: {type(error).__name__}: {error}. Set FTLINT_TRACEBACK=1 to see where, and report it."
            )

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an interrupt ends it in silence, before click makes it an exit code of 1."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)


@cache
def _names() -> list[str]:
    names = (module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    return sorted(name.removesuffix("_") for name in names)


def fail(message: str) -> NoReturn:
    """Say why ftlint could not do what was asked, and exit with 2."""
    complain(message)
    sys.exit(COULD_NOT_CHECK)


def complain(message: str) -> None:
    """Say on standard error what went wrong; no name of a file in it gives orders to the terminal."""
    from ftlint.render.parts.visible import visible

    shown = "\n".join(map(visible, message.split("\n")))
    click.echo(f"{click.style('ftlint', bold=True)}: {shown}", err=True)


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError) and error.filename is None:
        return "the current folder was deleted: change to another one"  # only asking for it gives no name
    return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"


def _drop_output() -> None:
    """Forget what standard output does not take, or the end of the program would try once more and exit with 120."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 clean, 1 findings, 2 could not check.",
)
@click.version_option(None, "-V", "--version", package_name="ftlint", message="ftlint %(version)s")
def cli() -> None:
    """Lint fine-tuning datasets: exact places, exact token counts, exact costs."""

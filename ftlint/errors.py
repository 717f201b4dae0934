"""The errors that ftlint raises on purpose: each is one sentence that a user can act on, and ends in exit code 2."""


class FtlintError(Exception):
    """ftlint could not do what was asked; the text says what, where and what to do."""


class ConfigError(FtlintError):
    """A configuration file, rule page or option is wrong; ``route`` leads there within what was given, if known."""

    def __init__(self, words: str, *route: str | int) -> None:
        super().__init__(words)
        self.route = route


class UnknownName(FtlintError):
    """A rule, target, schema or file that does not exist; the text suggests the nearest name."""


class UnreadableFile(FtlintError):
    """A file could not be read, or is not a dataset that can be checked."""


class InternalError(FtlintError):
    """A check raised: a fault of the check, named with its rule, file and line; never skipped."""

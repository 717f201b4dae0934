"""Who is asked and with which key: OpenAI, Azure OpenAI, or any server that speaks the same API."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import Struct

from ftlint.errors import FtlintError
from ftlint.targets import Target

if TYPE_CHECKING:
    import openai

OPENAI = "https://api.openai.com/v1"
OPENAI_HOST = "api.openai.com"
V1 = "/openai/v1"
"""How an endpoint of Azure ends whose API has no version."""
NEEDED = "this needs the openai package: pip install 'ftlint[openai]'"

NO_CONNECTION = (
    "no connection can be made with what the environment says of proxies and certificates: look at HTTPS_PROXY, "
    "HTTP_PROXY, ALL_PROXY (SOCKS needs pip install socksio), SSL_CERT_FILE and SSL_CERT_DIR"
)


class Connection(Struct, frozen=True):
    """What the user says of the service; empty leaves it to the environment.

    Attributes:
        base_url: of a server that speaks OpenAI's API; else ``OPENAI_BASE_URL``.
        azure: the endpoint of a resource; else, for a target of Azure, ``AZURE_OPENAI_ENDPOINT``.
        api_version: of Azure; else ``OPENAI_API_VERSION``. An endpoint that ends in ``/openai/v1`` has none.
        key_env: the *name* of the variable that holds the key; else ``OPENAI_API_KEY``, or at Azure
            ``AZURE_OPENAI_API_KEY``.
        timeout: seconds that one request may take.
    """

    base_url: str = ""
    azure: str = ""
    api_version: str = ""
    key_env: str = ""
    timeout: float = 120.0


class Endpoint(Struct, frozen=True):
    """A connection as it will be used: whose it is, where it leads, and the name of the key's variable.

    Attributes:
        url: of the API; at Azure with an ``api_version`` that of the resource, of which the openai package makes it.
    """

    url: str
    is_azure: bool
    key_env: str
    api_version: str = ""
    timeout: float = 120.0

    @property
    def is_openai(self) -> bool:
        """Whether OpenAI itself answers, in one of its regions, so that its dates hold."""
        return host(self.url).endswith(OPENAI_HOST)

    @property
    def shown(self) -> str:
        """Where requests go, for the user to read."""
        return f"{self.url}/openai, version {self.api_version}" if self.api_version else self.url


def settle_endpoint(
    given: Connection, target: Target | None = None, environ: Mapping[str, str] = os.environ
) -> Endpoint:
    """Settle where a connection leads.

    Raises:
        FtlintError: it leads nowhere; the text says what to give.
    """
    is_azure = bool(given.azure) or (target is not None and target.provider == "azure" and not given.base_url)
    key_env = _name(given.key_env, "AZURE_OPENAI_API_KEY" if is_azure else "OPENAI_API_KEY")
    if is_azure:
        return _azure(given, key_env, environ)
    url = given.base_url or environ.get("OPENAI_BASE_URL", "")
    if not url and target is not None and target.provider != "openai":
        raise FtlintError(
            f"ftlint trains with OpenAI, Azure OpenAI and servers that speak their API, and {target.name} is of "
            f"{target.provider}: give the server's address with --base-url"
        )
    return Endpoint(_sound(url or OPENAI), False, key_env, timeout=given.timeout)


def host(url: str) -> str:
    """The host and port of a URL, without user or path."""
    return urlsplit(url).netloc.rpartition("@")[2] or "the service"


def _azure(given: Connection, key_env: str, environ: Mapping[str, str]) -> Endpoint:
    url = given.azure or environ.get("AZURE_OPENAI_ENDPOINT", "")
    if not url:
        raise FtlintError(
            "Azure OpenAI needs the endpoint of your resource, such as https://NAME.openai.azure.com: set "
            "AZURE_OPENAI_ENDPOINT, or --azure"
        )
    url = _sound(url)
    if url.endswith(V1):
        return Endpoint(url, True, key_env, timeout=given.timeout)
    version = given.api_version or environ.get("OPENAI_API_VERSION", "")
    if not version:
        raise FtlintError(
            "Azure OpenAI needs the version of its API, such as 2025-04-01-preview: set OPENAI_API_VERSION, or "
            f"--api-version; an endpoint that ends in {V1} needs none"
        )
    return Endpoint(url.removesuffix("/openai"), True, key_env, version, given.timeout)


def _sound(url: str) -> str:
    if not re.match(r"https?://[^\s/@?#]+(/[^\s?#]*)?$", url) or not _has_host(url):
        raise FtlintError(
            "the address of the service is to look like https://host/v1, without user and password, and without a query"
        )
    return url.rstrip("/")


def _has_host(url: str) -> bool:
    """Whether the part of an address before the path is a host, and a port that there is."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _name(given: str, default: str) -> str:
    if given and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,99}", given):
        raise FtlintError("--key-env takes the name of an environment variable, not a key; keys are never arguments")
    return given or default


def key(endpoint: Endpoint, environ: Mapping[str, str] = os.environ) -> str:
    """The key.

    Raises:
        FtlintError: the variable is not set, or holds what no key is.
    """
    found = environ.get(endpoint.key_env, "").strip()
    if not found:
        raise FtlintError(
            f"there is no key: set the environment variable {endpoint.key_env}, or name another: --key-env"
        )
    if not re.fullmatch(r"[!-~]+", found):
        raise FtlintError(f"{endpoint.key_env} holds characters that no key has: white space, or letters outside ASCII")
    return found


def connect(endpoint: Endpoint, secret: str) -> openai.OpenAI:
    """A client of the service; it retries nothing by itself.

    Raises:
        FtlintError: the openai package is not installed, or the environment allows no connection.
    """
    try:
        import openai
    except ImportError:
        raise FtlintError(NEEDED) from None
    how: dict[str, Any] = {"api_key": secret, "max_retries": 0, "timeout": endpoint.timeout}
    try:
        if endpoint.api_version:
            return openai.AzureOpenAI(azure_endpoint=endpoint.url, api_version=endpoint.api_version, **how)
        return openai.OpenAI(base_url=endpoint.url, **how)
    except (ImportError, OSError, ValueError, openai.OpenAIError):  # their words may hold the password of a proxy
        raise FtlintError(NO_CONNECTION) from None

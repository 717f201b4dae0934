"""The checks of what no dataset should hold, and no report may show: keys, card and account numbers, addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from math import log2
from typing import NamedTuple

from ftlint.batch import Batch
from ftlint.checks.base import kind
from ftlint.checks.sieve import SievedCheck, WordCheck
from ftlint.lazy import lazy_pattern
from ftlint.model import Finding, Location
from ftlint.record import Record


class Secret(NamedTuple):
    """What a secret is, and its characters ``[start, stop)`` in a text."""

    start: int
    stop: int
    what: str


@kind
class SecretInText(SievedCheck):
    """A key, token, private key, card number or IBAN in a text or in the arguments of a call."""

    kind = "secret-in-text"

    def words(self) -> tuple[str, ...]:
        return _HINTS

    def sieve(self, batch: Batch) -> list[Record]:
        numbers = many_digits([record.line.data for record in batch])
        return [batch[index] for index in sorted(batch.suspects(_HINTS).union(numbers))]

    def examine(self, record: Record) -> Iterator[Finding]:
        if record.turns is not None and not any(map(secrets, record.turns)):
            return
        for at, role, text in _suspects(record):
            for start, stop, what in secrets(text):
                yield record.finding(at.chars(start, stop), what=what, role=role)


def _suspects(record: Record) -> Iterator[tuple[Location, str, str]]:
    yield from record.texts()
    if any("tool_calls" in message for message in record.spoken):
        for at, message in record.all_messages():
            for index, call in enumerate(message.get("tool_calls") or ()):
                yield at / "tool_calls" / index / "function" / "arguments", "assistant", call["function"]["arguments"]


def many_digits(lines: Sequence[bytes]) -> Iterator[int]:
    """The indices of the lines in which eight digits follow each other, blanks and dashes aside."""
    zeros = b"\n".join(lines).translate(_TO_ZERO)
    index = start = 0
    while start >= 0 and (found := _EIGHT.search(zeros, start)):
        index += zeros.count(b"\n", start, found.start())
        yield index
        start = zeros.find(b"\n", found.start())


def secrets(text: str) -> list[Secret]:
    """The secrets of a text, in order, none over another."""
    kept: list[Secret] = []
    found = _tokens(text)
    if _EIGHT.search(text.encode("utf-8", "replace").translate(_TO_ZERO)):
        found = chain(found, _ibans(text), _cards(text))
    for secret in sorted(found):
        if not kept or secret.start >= kept[-1].stop:
            kept.append(secret)
    return kept


def _random(token: str) -> bool:
    """Whether a token looks drawn at random, and like nobody's example: 3 bits a character, letters and digits."""
    return not _EXAMPLE.search(token) and entropy(token) >= 3 and any(map(str.isdigit, token))


def entropy(text: str) -> float:
    """Shannon's entropy of the characters of a text, in bits a character."""
    shares = [text.count(character) / len(text) for character in set(text)]
    return -sum(share * log2(share) for share in shares)


def checksum_holds(token: str) -> bool:
    """Whether the last six characters are the CRC-32 of the thirty before, in base 62 (GitHub, npm).

    Source: github.blog, "Behind GitHub's new authentication token formats", 2021-04-05.
    """
    import zlib

    value = 0
    for character in token[-6:]:
        value = value * 62 + _BASE62.index(character)
    return value == zlib.crc32(token[-36:-6].encode("ascii"))


def is_jwt(token: str) -> bool:
    """Whether a JSON Web Token's header and payload can be read (RFC 7519), and are not the sample of jwt.io."""
    import base64
    import json

    try:
        header, payload = (json.loads(base64.urlsafe_b64decode(part + "===")) for part in token.split(".")[:2])
        return "alg" in header and payload.get("sub") != "1234567890"
    except (ValueError, TypeError, AttributeError, RecursionError):
        return False


_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_EXAMPLE = lazy_pattern(
    r"example|sample|dummy|fake|your|test|placeholder|redacted|x{4}|0{4}|abcdef|12345", re.IGNORECASE
)
_PRIVATE = (
    r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----(?:\s|\\n)+(?:[\w-]+:[^\n]*\n)*"
    r"(?:[A-Za-z0-9+/=\s]|\\n){64,}(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----)?"
)
_KEYS: tuple[tuple[str, str, str, Callable[[str], bool]], ...] = (
    ("an Anthropic key", "sk-", r"\bsk-ant-[a-z]+\d\d-[\w-]{40,}", _random),
    ("an OpenRouter key", "sk-", r"\bsk-or-v1-[0-9a-f]{64}\b", _random),
    ("an OpenAI key", "sk-", r"\bsk-(?:(?:proj|svcacct|admin)-[\w-]{40,}|[A-Za-z0-9]{32,}\b)", _random),
    ("an AWS access key", "AKIA", r"\bAKIA[A-Z2-7]{16}\b", _random),
    ("a temporary AWS access key", "ASIA", r"\bASIA[A-Z2-7]{16}\b", _random),
    *(("a GitHub token", f"gh{of}_", rf"\bgh{of}_[A-Za-z0-9]{{36}}\b", checksum_holds) for of in "opusr"),
    ("a GitHub token", "github_pat_", r"\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b", _random),
    ("an npm token", "npm_", r"\bnpm_[A-Za-z0-9]{36}\b", checksum_holds),
    ("a Slack token", "xox", r"\bxox[abeoprs]-(?:\d-)?\d{9,13}-[A-Za-z0-9-]{20,}", _random),
    ("a Stripe key", "k_live_", r"\b[sr]k_live_[A-Za-z0-9]{20,}\b", _random),
    ("a Google API key", "AIza", r"\bAIza[\w-]{35}(?![\w-])", _random),
    ("a Hugging Face token", "hf_", r"\bhf_[A-Za-z]{34}\b", lambda token: entropy(token) >= 4),
    ("a JSON Web Token", "eyJ", r"(?<![\w-])eyJ[\w-]{10,999}\.eyJ[\w-]{10,9999}\.[\w-]{20,999}", is_jwt),
    ("a private key", "PRIVATE KEY", _PRIVATE, bool),
)
"""Keys that are known by how they begin: what it is, a part that is quickly looked for, its form, and the proof."""

_FORMS = [(what, word, lazy_pattern(form), proof) for what, word, form, proof in _KEYS]
_HINTS = tuple({word for _, word, _, _ in _KEYS})
_EIGHT = lazy_pattern(rb"0(?:[ -]*+0){7}")
_TO_ZERO = bytes.maketrans(b"0123456789", b"0" * 10)


def _tokens(text: str) -> Iterator[Secret]:
    for what, word, form, proof in _FORMS:
        if word in text:
            for match in form.finditer(text):
                if proof(match[0]):
                    yield Secret(*match.span(), what)


_CARD = lazy_pattern(
    r"\d(?<![\w.,+-]\d)(?:\d{3}([ -]?)\d{4}\1\d{4}\1\d{4}|(?<=3)\d{3}([ -]?)\d{6}\2\d{4,5})(?![\w-]|[.,]\d)"
)
_ISSUER = lazy_pattern(r"4|5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|6011|64[4-9]|65|35[2-8]|3[04678]")
_LENGTHS = {"34": 15, "37": 15, "30": 14, "36": 14, "38": 14}
_PAYMENT = lazy_pattern(
    r"card|visa|master|amex|american express|credit|debit|tarjeta|carte|karte|cart[aã]|cvv|cvc", re.IGNORECASE
)
_TEST_CARDS = frozenset(
    "378282246310005 371449635398431 378734493671000 30569309025904 38520000023237 36227206271667 6011000990139424 "
    "6011981111111113 3530111333300000 3566002020360505 5200828282828210 5425233430109903 5454545454545454 "
    "2223003122003222 2223000048400011 2222420000001113 4012888888881881 4263982640269299 4917484589897107 "
    "4001919257537193 4007702835532454 4532015112830366 4539148803436467 4539578763621486 4716258050958645".split()
)
"""Numbers that payment services and tutorials publish for tests; few different digits are silent without a list."""


def _cards(text: str) -> Iterator[Secret]:
    for match in _CARD.finditer(text):
        number = re.sub(r"[ -]", "", match[0])
        around = text[max(0, match.start() - 60) : match.end() + 30]
        if is_card(number) and (len(number) < len(match[0]) or _PAYMENT.search(around)):
            yield Secret(*match.span(), "a card number")


def is_card(number: str) -> bool:
    """Whether digits are a card's: an issuer's prefix and length, Luhn's sum, and no published test number."""
    sound = _ISSUER.match(number) and len(number) == _LENGTHS.get(number[:2], 16) and luhn(number)
    return bool(sound) and len(set(number)) > 4 and not number.startswith("400000") and number not in _TEST_CARDS


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    values = [int(digit) for digit in reversed(digits)]
    return sum(values[::2] + [sum(divmod(2 * value, 10)) for value in values[1::2]]) % 10 == 0


IBAN_LENGTHS = {
    country: int(length)
    for length, countries in (
        line.split(maxsplit=1)
        for line in (
            "15 NO|16 BE|18 DK FI FO GL NL|19 MK SI|20 AT BA EE KZ LT LU XK|21 CH HR LI LV|22 BG BH DE GB GE IE ME RS|"
            "23 AE GI IL TL|24 AD CZ ES MD PK RO SA SE SK TN VG|25 PT|26 IS TR|27 FR GR IT MC MR SM|"
            "28 AL AZ CY DO GT HU LB PL|29 BR QA UA|30 JO KW MU PS|31 MT"
        ).split("|")
    )
    for country in countries.split()
}
"""Characters of an IBAN by country (SWIFT, IBAN Registry)."""

_IBAN = lazy_pattern(r"([A-Z](?<![A-Za-z0-9][A-Z])[A-Z])\d\d(?= ?[A-Z0-9]{4})")
_SAMPLE_IBANS = frozenset(
    "AT611904300234573201 BE68539007547034 CH9300762011623852957 DE12500105170648489890 DE89370400440532013000 "
    "DK5000400440116243 ES9121000418450200051332 FI2112345600000785 FR1420041010050500013M02606 "
    "FR7630006000011234567890189 GB29NWBK60161331926819 GB33BUKB20201555555555 GB82WEST12345698765432 "
    "GR1601101250000000012300695 IE29AIBK93115212345678 IT60X0542811101000000123456 LU280019400644750000 "
    "NL91ABNA0417164300 NO9386011117947 PL61109010140000071219812874 PT50000201231234567890154 "
    "SA0380000000608010167519 SE4550000000058398257466".split()
)
"""Samples that the IBAN Registry and tutorials print."""


def _ibans(text: str) -> Iterator[Secret]:
    for match in _IBAN.finditer(text):
        rest = IBAN_LENGTHS.get(match[1], 4) - 4
        whole = re.compile(rf"\w{{4}}(?: ?[A-Z0-9]){{{rest}}}(?![A-Za-z0-9])").match(text, match.start())
        if whole and is_iban(whole[0].replace(" ", "")):
            yield Secret(*whole.span(), "an IBAN")


def is_iban(code: str) -> bool:
    """Whether a code without spaces is an IBAN (ISO 13616: its length, and 1 modulo 97) and no printed sample."""
    number = "".join(str(int(character, 36)) for character in code[4:] + code[:4])
    return len(code) == IBAN_LENGTHS.get(code[:2]) and int(number) % 97 == 1 and code not in _SAMPLE_IBANS


_EMAIL = lazy_pattern(r"(?<![\w.+/:@-])([\w.+-]{1,64})@((?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24})(?![\w@-])")


@kind
class EmailInText(WordCheck):
    """An e-mail address that may be somebody's; ``allow`` lists domains that are nobody's, or your own."""

    kind = "email-in-text"
    allow: tuple[str, ...] = ("example.com", "example.net", "example.org", "example.edu", "example", "test", "invalid")

    def words(self) -> tuple[str, ...]:
        return ("@",)

    def examine(self, record: Record) -> Iterator[Finding]:
        for at, role, text in record.texts():
            for start, stop, _ in self.addresses(text):
                yield record.finding(at.chars(start, stop), role=role)

    def addresses(self, text: str) -> Iterator[Secret]:
        """The addresses of a text that are not allowed."""
        for match in _EMAIL.finditer(text) if "@" in text else ():
            if match[1] != "git" and not self._allowed(match[2].lower()):
                yield Secret(*match.span(), "an e-mail address")

    def _allowed(self, domain: str) -> bool:
        return any(domain == name or domain.endswith("." + name) for name in self.allow)

"""Secrets and addresses: what is seen and never told, and the validators' known vectors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from saying import BODY, JWT, PEM, SECRETS, found, github, marked, said

from ftlint.checks.secrets import (
    EmailInText,
    SecretInText,
    checksum_holds,
    entropy,
    is_card,
    is_iban,
    is_jwt,
    luhn,
    secrets,
)


@pytest.mark.parametrize(("what", "secret"), SECRETS)
def test_secrets_are_seen_and_never_told(what: str, secret: str) -> None:
    item = said(f"Take ({secret}), please.")
    assert marked(SecretInText(), item) == [secret]
    (finding,) = found(SecretInText(), item)
    assert finding.values == {"what": what, "role": "assistant"}
    assert secret[4:] not in repr(finding)


def test_a_card_without_separators_counts_near_such_a_word() -> None:
    assert [secret.what for secret in secrets("my card: 4929730188462156")] == ["a card number"]
    assert secrets("order 4929730188462156") == []


def test_secrets_in_arguments_of_calls_are_seen() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "pay", "arguments": '{"n": "4929 7301 8846 2156"}'}}
    (finding,) = found(SecretInText(), said(None, tool_calls=[call]))
    assert finding.at.route == ("messages", 1, "tool_calls", 0, "function", "arguments")
    assert finding.at.span == (7, 26)


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "4111 1111 1111 1111, 4242 4242 4242 4242, 5555-5555-5555-4444, 4012 8888 8888 1881, card 378282246310005",
        "sk_" + "test_" + BODY[:24],
        "sk-" + "x" * 48 + " sk-your-api-key-goes-here-please-do-not-share-it sk-...",
        "ghp_" + BODY[:36],
        "gh" + "p_" + "a" * 36,
        "GB82 WEST 1234 5698 7654 32, DE89370400440532013000, GB00ZZZZ00000000123456",
        "+1 202 555 0143, 0171-1234567, 2024-11-23 12:30:45, 192.168.100.100, 1700000000000000",
        PEM + "\n...\n",
        JWT + "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0." + BODY,
        "eyJmb29vb29vb29v.eyJiYXJiYXJiYXJi." + BODY,
        "0x4929730188462156 and 12345678901234567890",
    ],
)
def test_examples_and_phone_numbers_are_no_secrets(text: str) -> None:
    assert secrets(text) == []


@pytest.mark.parametrize("digits", ["79927398713", "4111111111111111", "378282246310005", "49927398716", "0"])
def test_luhn_holds(digits: str) -> None:
    assert luhn(digits)
    assert not luhn(digits[:-1] + str((int(digits[-1]) + 1) % 10))


@given(st.text("0123456789", min_size=1, max_size=30), st.data())
def test_luhn_sees_every_single_wrong_digit(digits: str, data: st.DataObject) -> None:
    right = next(digits + end for end in "0123456789" if luhn(digits + end))
    place = data.draw(st.integers(0, len(right) - 1))
    other = data.draw(st.sampled_from(sorted(set("0123456789") - {right[place]})))
    assert not luhn(right[:place] + other + right[place + 1 :])


def test_cards_need_an_issuer_and_a_length() -> None:
    assert is_card("4929730188462156")
    assert not is_card("4929730188462157")
    assert not is_card("4111111111111111")
    assert not is_card("9929730188462154")


@pytest.mark.parametrize(
    "code", ["DE89370400440532013000", "GB82WEST12345698765432", "MT84MALT011000012345MTLCAST001S"]
)
def test_ibans_by_modulo_97(code: str) -> None:
    bban, country = code[4:-1] + ("0" if code[-1] != "0" else "1"), code[:2]
    assert not is_iban(code[:-1] + bban[-1])
    number = int("".join(str(int(character, 36)) for character in bban + country + "00"))
    assert is_iban(f"{country}{98 - number % 97:02}{bban}")
    assert not is_iban(f"{country}{98 - number % 97:02}{bban}0")


def test_checksums_of_tokens() -> None:
    assert checksum_holds("ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq17")  # a revoked one that others print too
    assert not checksum_holds("ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkK" + "0mLq17")
    assert checksum_holds(github("ghs_"))
    assert entropy("aaaa") == 0
    assert entropy("abcd") == 2
    assert not is_jwt("eyJ.eyJ.x")


@pytest.mark.parametrize(
    ("text", "mark"), [("I am a.b+c@posteo.de.", ["a.b+c@posteo.de"]), ("<me@x-y.co.uk>", ["me@x-y.co.uk"])]
)
def test_addresses_are_seen(text: str, mark: list[str]) -> None:
    assert marked(EmailInText(), said(text)) == mark
    assert "posteo" not in repr(found(EmailInText(), said(text)))


@pytest.mark.parametrize(
    "text",
    [
        "a@example.com b@mail.example.org c@host.test",
        "git@github.com:a/b.git",
        "left-pad@1.3.0",
        "@property",
        "me@home",
    ],
)
def test_addresses_of_nobody_are_left_alone(text: str) -> None:
    assert found(EmailInText(), said(text)) == []
    assert found(EmailInText(allow=("shop.net",)), said("help@eu.shop.net")) == []

"""Eaten escapes and mojibake: what is seen, what was meant, and what is left alone."""

from __future__ import annotations

import pytest
from saying import found, marked, said

from ftlint.checks.damage import EatenEscape, eaten_escapes, mojibake


@pytest.mark.parametrize(
    ("text", "eaten", "meant"),
    [
        ("$\frac{1}{2}$", "\frac", r"\frac"),
        ("a \beta b", "\beta", r"\beta"),
        ("3 \times 4", "\times", r"\times"),
        ("\text{if } x", "\text", r"\text"),
        ("\\left( x \right)", "\right", r"\right"),
        ("so $\rho$", "\rho", r"\rho"),
        ("the \vec{v}", "\vec", r"\vec"),
        ("an \alpha", "\alpha", r"\alpha"),
        ("$f \neq g$", "\neq", r"\neq"),
        ("\\[ \nabla f \\]", "\nabla", r"\nabla"),
        ("match \bcat", "\bcat", r"\bcat"),
        ("in C:\temp", "\temp", r"\temp"),
        ("in C:\\data\test.csv", "\test.csv", r"\test.csv"),
        ("in D:\bin\\x", "\bin", r"\bin"),
    ],
)
def test_eaten_escapes_are_seen_with_what_was_meant(text: str, eaten: str, meant: str) -> None:
    assert marked(EatenEscape(), said(text)) == [eaten]
    assert found(EatenEscape(), said(text))[0].values["meant"] == meant


@pytest.mark.parametrize(
    "text",
    [
        "if x:\n\ttext = 1\n\ttimes(3)\n\treturn x\n",
        "id\ttext\ttheta\timestamp\n1\tau bord\tan\n",
        "one\r\nright\r\nangle\r\n",
        "abla geldi\nabla gitti, it cost $5 and $6\nneq",
        "Q:\twhat?\nA:\nbecause\n",
        "page one\n\f\npage two \f Heading",
        "N\bNA\bAM\bME\bE _\bx 10%\b\b\b20%",
        r"$\frac{1}{2} \times \beta$ in C:\temp",
        "C:\\Windows\tfolder\nD:\\x\tfile",
    ],
)
def test_ordinary_control_characters_are_left_alone(text: str) -> None:
    assert eaten_escapes(text) == []


def test_one_finding_a_text_counts_the_others() -> None:
    (finding,) = found(EatenEscape(), said("$\frac{1}{2} + \frac{1}{3} = \beta$"))
    assert finding.values == {"meant": r"\frac", "control": "form feed", "rest": "rac", "n": 3}


@pytest.mark.parametrize("original", ["é", "’", "“", "€", "–", "ñ", "привет", "你好", "😀", "ü", "ł", "ç", "à", "Ã©"])
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_mojibake_is_undone(original: str, encoding: str) -> None:
    seen = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in original.encode())
    seen = original.encode().decode("latin-1") if encoding == "latin-1" else seen
    (hit,) = mojibake(f"caf{seen} x")
    assert (hit.start, hit.stop) == (3, 3 + len(seen))
    assert hit.meant == ('"é"' if original == "Ã©" else f'"{original}"')


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("S\ufffdo", "a lost character"),
        ("25Â°C", '"°"'),
        ("5Â\xa0kg", "U+00A0"),
        ("ï»¿Hi", "U+FEFF"),
        ("ï¿½", "a lost character"),
        ("Ã‰cole", '"É"'),
        ("NÃºmero", '"ú"'),
        ("donâ€™t", '"’"'),
        ("Ã¢â‚¬â„¢", '"’"'),
    ],
)
def test_mojibake_says_what_was_lost(text: str, meant: str) -> None:
    assert [hit.meant for hit in mojibake(text)] == [meant]


@pytest.mark.parametrize(
    "text",
    [
        "« café » et « thé\xa0», VOILÀ… CAFÉ… „MENÜ“ IRMÃ” É’s SÃO NÃO ÂME",
        "El niño comió ñoquis… ¿Qué? ¡Olé! 25 °C, 3×2½, ±5 €",
        "Straße „Spaß“, größer: Ä, Ö, Ü – ß",
        "Привет, как дела? 你好。こんにちは 😀 שלום مرحبا",
        "Það er «gott» – æðislegt… NESTLÉ® BOÎTE™ naïve",
        "payé\xa0£5, à\xa0«\xa0la\xa0», été…”",
    ],
)
def test_sound_accents_are_left_alone(text: str) -> None:
    assert mojibake(text) == []

"""Addresses: which may be followed, and how one is shown that would mislead (R16)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.profile import examples
from warroom.domain.addresses import LONGEST, shown_address, web_address


@pytest.mark.parametrize(
    ("text", "followed"),
    [
        ("https://example.org", "https://example.org"),
        ("HTTP://Example.org:8080/A?b=c#d", "http://example.org:8080/A?b=c#d"),
        ("https://example.org/결제 x".replace(" ", "%20"), "https://example.org/%EA%B2%B0%EC%A0%9C%20x"),
        ("https://räksmörgås.example/ö", "https://xn--rksmrgs-5wao1o.example/%C3%B6"),
        ("https://раураl.example", "https://xn--l-7sba6dbr.example"),
        ("https://[2001:db8::1]:443/x", "https://[2001:db8::1]:443/x"),
        ('https://example.org/"<>`{}|\\^', "https://example.org/%22%3C%3E%60%7B%7D%7C%5C%5E"),
        # another scheme, or none
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("ssh://host/", ""),
        ("x-man-page://ls", ""),
        ("#inc-142", ""),
        ("example.org", ""),
        ("", ""),
        # a name before the host, no host, no port, blanks, escapes, too long
        ("https://bank.example@evil.example/", ""),
        ("https://", ""),
        ("https:///path", ""),
        ("https://-a-.example", ""),
        ("https://a..b", ""),
        ("https://a:99999/", ""),
        ("https://a:x/", ""),
        ("https://a b/", ""),
        ("https://a/\x1b]0;x\x07", ""),
        ("https://a/\u202ex", ""),
        ("https://a/\nb", ""),
        ("https://a/" + "x" * LONGEST, ""),
    ],
    ids=ascii,
)
def test_what_may_be_followed(text: str, followed: str) -> None:
    assert web_address(text) == followed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("#inc-142", "#inc-142"),
        ("https://example.org/결제", "https://example.org/결제"),
        ("https://раураl.example/x", "https://xn--l-7sba6dbr.example/x"),
        ("https://bank.example@раураl.example:8/x", "https://bank.example@xn--l-7sba6dbr.example:8/x"),
        ("https://" + "한" * 70 + ".example", "https://" + "한" * 70 + ".example"),  # no name of a host
        ("https://a/\x1b[31mred\u202e", "https://a/red"),
    ],
    ids=ascii,
)
def test_how_it_is_shown(text: str, shown: str) -> None:
    assert shown_address(text) == shown


@examples(2)
@given(st.text(max_size=30), st.text(max_size=30))
def test_what_may_be_followed_is_printable_ascii(host: str, rest: str) -> None:
    for text in (host, f"https://{host}/{rest}", f"http://example.org/{rest}"):
        address = web_address(text)
        assert address.isascii()
        assert address == "" or (address.isprintable() and address.startswith(("http://", "https://")))
        assert " " not in address
        assert web_address(address) in ("", address) and (len(address) > LONGEST or web_address(address) == address)

"""Codes of the second factor are those of RFC 6238, of about now, and tell which time step they are of."""

import base64
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.sign_in.codes import new_secret, otpauth_address, qr_code, step_of_code
from tests.builders import NOON

# RFC 6238, appendix B, for SHA-1: the last six digits.
SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_CODES = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}
STEP = timedelta(seconds=30)


@pytest.mark.parametrize(("seconds", "code"), RFC_CODES.items())
def test_the_codes_are_those_of_the_standard(seconds, code):
    assert step_of_code(SECRET, code, datetime.fromtimestamp(seconds, UTC)) == seconds // 30


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(steps, right):
    at = datetime.fromtimestamp(1234567890, UTC)
    assert step_of_code(SECRET, "005924", at + steps * STEP) == (1234567890 // 30 if right else None)


def test_spaces_are_left_out():
    assert step_of_code(SECRET, " 005 924 ", datetime.fromtimestamp(1234567890, UTC)) is not None


@pytest.mark.parametrize("typed", ["", "00592", "0059240", "٠٠٥٩٢٤", "٠05924", "x" * 1_000_000, "\ud800"])
def test_what_is_no_code_is_none(typed):
    assert step_of_code(SECRET, typed, datetime.fromtimestamp(1234567890, UTC)) is None


@given(st.text(max_size=30))
def test_whatever_is_typed_is_no_error(typed):
    step = step_of_code(SECRET, typed, NOON)
    assert step is None or re.fullmatch(r"\s*\d{3}\s*\d{3}\s*", typed, re.ASCII)


def test_each_secret_is_new_and_has_160_bits():
    secrets = {new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert {len(base64.b32decode(secret)) for secret in secrets} == {20}


def test_the_app_is_told_the_secret_and_how_to_call_it():
    address = urlsplit(otpauth_address(SECRET, "j.officer", "Fire & rescue"))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert unquote(address.path) == "/Grapevine, Fire & rescue:j.officer"
    told = parse_qs(address.query)
    assert (told["secret"], told["issuer"]) == ([SECRET], ["Grapevine, Fire & rescue"])


def test_the_qr_code_is_a_picture_without_styles_or_scripts():
    picture = qr_code(otpauth_address(SECRET, "j.officer", "Fire"))
    root = ElementTree.fromstring(picture)
    assert root.get("viewBox")
    assert {attribute for element in root.iter() for attribute in element.attrib} <= {
        "viewBox", "d", "fill", "stroke", "transform", "version", "class",
    }  # fmt: skip
    assert "style" not in picture
    assert SECRET not in picture

"""The second factor of local users: codes of six digits that an app on the phone makes (TOTP, RFC 6238)."""

import hmac
from datetime import datetime

import pyotp
import segno

STEP_SECONDS = 30
# Phones' clocks may be off by one step.
STEPS_OFF = 1
DIGITS = 6


def new_secret() -> str:
    """A secret of 160 bits, in base 32 as apps take it."""
    return pyotp.random_base32()


def step_of_code(secret: str, typed: str, now: datetime) -> int | None:
    """The number of the time step whose code was typed; None where it is no code of about now.

    The store notes the step, so that no code works twice (`use_code`).
    """
    code = "".join(typed[:20].split())
    if not (len(code) == DIGITS and code.isascii() and code.isdigit()):
        return None
    codes = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    current = int(now.timestamp()) // STEP_SECONDS
    steps = range(current - STEPS_OFF, current + STEPS_OFF + 1)
    # All are compared, so that the time tells nothing.
    fitting = [step for step in steps if hmac.compare_digest(codes.generate_otp(step), code)]
    return max(fitting, default=None)


def otpauth_address(secret: str, sign_in_name: str, service: str) -> str:
    """What the app is told: the secret, and how to call it."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(
        name=sign_in_name, issuer_name=f"Grapevine, {service}"
    )


def qr_code(address: str) -> str:
    """An address as a QR code: SVG that fits any size, dark on light in every colour scheme, without styles."""
    return segno.make(address, error="m", micro=False).svg_inline(
        dark="#000000", light="#ffffff", omitsize=True, svgclass=None, lineclass=None
    )

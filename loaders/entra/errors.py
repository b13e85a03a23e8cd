"""Entra's error numbers (AADSTS…): why a sign-in failed, or that it only was not finished yet."""

from collections.abc import Mapping
from types import MappingProxyType

from graph_hunt.loaders._values import integer

__all__ = ["INTERRUPTS", "failure"]


def _numbers(lines: str) -> dict[int, str]:
    return {
        int(number): word
        for line in filter(str.strip, lines.splitlines())
        for word, *numbers in [line.split()]
        for number in numbers
    }


_REASONS: Mapping[int, str] = MappingProxyType(
    _numbers(
        """
        unknown_user  50034 50020 50059 50128 51004 90072 500341
        bad_password  50126 50056 50064 50054 80002 80005 80014
        locked        50053
        disabled      50057 7000112
        expired       50055 50144 50133 50173 70008 70043 70044 700082 700084 50089 7000222
        restricted    50105 50106 50002 53000 53001 53002 80012 7000218
        mfa_denied    500121 50088
        blocked       50131 53003 53004 53009 53011 530021 530031 530032 530034 530035
        """
    )
)

INTERRUPTS = frozenset(
    {16000, 50058, 50072, 50074, 50076, 50079, 50097, 50125, 50127, 50129, 50140, 50158, 50199, 52004, 65001}
)
"""Not failures of the password: a further step was asked for (a factor, a consent, a new password, a cookie)."""

_NAMES: Mapping[str, int] = MappingProxyType(
    {
        "InvalidUserNameOrPassword": 50126,
        "InvalidPasswordTokenRequestFailed": 50126,
        "UserAccountNotFound": 50034,
        "IdsLocked": 50053,
        "UserDisabled": 50057,
        "InvalidPasswordExpiredPassword": 50055,
        "UserStrongAuthClientAuthNRequired": 50076,
        "UserStrongAuthClientAuthNRequiredInterrupt": 50074,
        "UserStrongAuthEnrollmentRequired": 50079,
        "UserStrongAuthEnrollmentRequiredInterrupt": 50072,
        "AuthenticationFailedSasError": 500121,
        "BlockedByConditionalAccess": 53003,
        "DeviceNotCompliant": 53000,
        "DeviceNotDomainJoined": 53001,
        "SsoArtifactInvalidOrExpired": 70043,
        "SsoArtifactRevoked": 50133,
        "UserUnauthorized": 50105,
        "ExternalSecurityChallenge": 50158,
    }
)


def failure(number: object, name: object = None) -> str | None:
    """Why a sign-in failed, in the words of the `authentication` table; null for success.

    >>> failure("50126"), failure(0), failure(None, "UserAccountNotFound"), failure(50074), failure(123456)
    ('bad_password', None, 'unknown_user', 'other', 'other')
    """
    code = integer(number)
    if not code:
        code = _NAMES.get(str(name)) if name else None
        if code is None:
            return "other" if name else None
    return _REASONS.get(code, "other")

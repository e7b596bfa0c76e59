"""Who asks: a profile or a role, in which regions; and what stands in the way, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, Final

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import DeferredRefreshableCredentials
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)
from botocore.parsers import ResponseParserError
from msgspec import Struct

SETTINGS: Final = Config(retries={"mode": "standard"}, connect_timeout=5, read_timeout=30)
"""``AWS_MAX_ATTEMPTS`` and the profile say how often a throttled call is tried: three times."""
_LONGEST: Final = 300
FIRST_REGION: Final = "us-east-1"
_EXPIRED: Final = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
)
_REFUSED: Final = frozenset(
    {"AuthFailure", "OptInRequired", "InvalidClientTokenId", "UnrecognizedClientException"}
)
_DENIED: Final = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AccessDeniedFault"}
    | {"AuthorizationError"}
)
_THROTTLED: Final = frozenset(
    {"Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException"}
)
_SSO: Final = (SSOTokenLoadError, TokenRetrievalError, UnauthorizedSSOTokenError)


class NoAccess(Exception):
    """Nothing can be asked at all; the text says why, and what to do.

    :attr:`is_usage`: another profile, role or region would do; else it is AWS or the network.
    """

    def __init__(self, message: str, *, is_usage: bool = True) -> None:
        super().__init__(message)
        self.is_usage = is_usage


class Identity(Struct, frozen=True):
    """A session of one account."""

    session: Any
    account: str


def reason(error: BaseException, command: str = "lt") -> str:
    """Return what went wrong in words; *command* is the one that knows what is needed."""
    if isinstance(error, ClientError):
        return _refusal(error, command)
    if isinstance(error, _SSO):
        return "the SSO session has expired or was never begun: aws sso login"
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return "no credentials: set AWS_PROFILE, give --profile, or run aws configure"
    if isinstance(error, EndpointConnectionError | ConnectTimeoutError):
        return "the endpoint cannot be reached: no network, or no such region"
    if isinstance(error, ResponseParserError):
        return "the answer could not be understood"
    return str(error) or type(error).__name__


def _refusal(error: ClientError, command: str) -> str:
    found = error.response.get("Error", {})
    code, message = found.get("Code", ""), found.get("Message", "")
    if code in _EXPIRED:
        return "the credentials have expired: sign in again"
    if code in _DENIED:
        return f"denied ({code}): megalint {command} --print-policy prints what is needed"
    if code in _REFUSED:
        return f"refused ({code}): wrong credentials, or the region is not enabled for the account"
    if code in _THROTTLED:
        return f"throttled ({code}), tried again in vain"
    return f"{code}: {_shortened(message)}" if message else code


def _shortened(text: str) -> str:
    """Return a message on one line; what is no message of AWS may be a whole page."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def identities(
    profile: str | None, roles: Iterable[str] = (), external_id: str | None = None
) -> Iterator[Identity]:
    """Yield a session for each role, or the one of the profile.

    Raises :class:`NoAccess` where AWS does not know who asks.
    """
    try:
        own = boto3.Session(profile_name=profile)
    except ProfileNotFound as error:
        known = ", ".join(botocore.session.Session().available_profiles) or "none"
        raise NoAccess(f"there is no profile {profile}; known: {known}") from error
    roles = tuple(roles)
    if not roles:
        yield _identity(own, f"profile {profile}: " if profile else "")
    for role in roles:
        yield _identity(_assumed(own, role, external_id), f"{role}: ")


def _identity(session: Any, label: str) -> Identity:
    region = session.region_name or FIRST_REGION
    try:
        client = session.client("sts", region_name=region, config=SETTINGS)
        return Identity(session, client.get_caller_identity()["Account"])
    except (BotoCoreError, ClientError) as error:
        is_usage = not isinstance(error, EndpointConnectionError | ConnectTimeoutError)
        raise NoAccess(f"{label}{reason(error)}", is_usage=is_usage) from error


def _assumed(own: Any, role: str, external_id: str | None) -> Any:
    """Return a session of *role*, which asks for new credentials when they run out."""
    region = own.region_name or FIRST_REGION

    def refresh() -> dict[str, str]:
        given = {"ExternalId": external_id} if external_id else {}
        client = own.client("sts", region_name=region, config=SETTINGS)
        reply = client.assume_role(RoleArn=role, RoleSessionName="megalint", **given)
        held = reply["Credentials"]
        return {
            "access_key": held["AccessKeyId"],
            "secret_key": held["SecretAccessKey"],
            "token": held["SessionToken"],
            "expiry_time": held["Expiration"].isoformat(),
        }

    inner = botocore.session.get_session()
    inner._credentials = DeferredRefreshableCredentials(refresh, "assume-role")
    return boto3.Session(botocore_session=inner, region_name=region)


def regions(identity: Identity, wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the regions to ask in; ``all`` is every one that is enabled for the account.

    Raises :class:`NoAccess` where that list cannot be had, or botocore knows no such region.
    """
    names = tuple(dict.fromkeys(wanted)) or tuple(
        one for one in (identity.session.region_name,) if one
    )
    known = {
        region
        for partition in identity.session.get_available_partitions()
        for region in identity.session.get_available_regions("ec2", partition)
    }
    for name in names:
        if name not in known | {"all"}:
            near = get_close_matches(name, sorted(known), 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise NoAccess(f"--region {name}: there is no such region{hint}")
    if "all" not in names:
        return names
    try:
        client = identity.session.client("ec2", region_name=FIRST_REGION, config=SETTINGS)
        found = client.describe_regions(AllRegions=False)["Regions"]
    except (BotoCoreError, ClientError) as error:
        raise NoAccess(f"--region all: {reason(error)}") from error
    return tuple(sorted(one["RegionName"] for one in found))

"""Whether freezing a value is a defect: what speaks for its being different at run time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum
from typing import Final, TypeVar

from msgspec import Struct

from megalint.project.apps import App
from megalint.project.deployments import BuildProvision, RuntimeProvision, SelfHosting
from megalint.project.linked import Project
from megalint.source import Location

_T = TypeVar("_T")


class Level(IntEnum):
    """How much speaks for it, least first."""

    NEVER = 0
    NEITHER = 1
    SELF_HOSTED = 2
    CONTRADICTED = 3


class Evidence(Struct, frozen=True):
    """The level, the place that shows it, and words for a note."""

    level: Level
    location: Location | None = None
    words: str = ""

    @property
    def related(self) -> tuple[Location, ...]:
        """The place as one of a finding's related locations."""
        if self.location is None:
            return ()
        is_late = self.level is Level.CONTRADICTED
        return (self.location.labelled("set here, too late" if is_late else "runs from an image"),)

    @property
    def notes(self) -> tuple[str, ...]:
        """The words, where no place shows them."""
        return (self.words,) if self.words and self.location is None else ()


_OF_THE_BUILD: Final = re.compile(
    r"NODE_ENV|NEXT_RUNTIME|NEXT_PHASE|NEXT_DEPLOYMENT_ID|CI|CI_.*|ANALYZE|BUNDLE_ANALYZE|npm_.*|VERCEL|VERCEL_.*"
    r"|NEXT_PUBLIC_VERCEL_.*|TURBO_.*|TURBOPACK|GITHUB_.*|GIT_.*|.*_?COMMIT(?:_.*)?|.*_SHA|.*BUILD_(?:ID|TIME|DATE|NUMBER|HASH)"
    r"|.*_VERSION|VERSION|STORYBOOK.*|CYPRESS.*|PLAYWRIGHT.*|NODE_OPTIONS|PORT_FOR_BUILD|STANDALONE|BUILD_STANDALONE"
    r"|DOCKER_BUILD|.*DOCKER_OUTPUT|NEXT_OUTPUT|OUTPUT_STANDALONE|SKIP_.*|NETLIFY.*|CF_PAGES.*|RENDER_.*|RAILWAY_.*|HEROKU_.*"
    r"|NEXT_TELEMETRY_DISABLED|DISABLE_.*TELEMETRY|SENTRY_(?:ORG|PROJECT|AUTH_TOKEN)|WATCHPACK_POLLING|E2E|E2E_.*|TEST|TEST_.*|TESTING|.*_TEST"
    r"|IS_(?:TEST|CI|DOCKER|BUILD).*|NEXT_BUILD.*|.*SOURCE_?MAPS?.*"
)
_FLAG: Final = re.compile(
    r"(?:NEXT_PUBLIC_)?(?:(?:IS|USE|SHOW|HIDE|ENABLE|DISABLE|DEBUG|FEATURE|FLAG|HAS|ALLOW)(?:_.*)?|.*_(?:ENABLED?|DISABLED?|FLAG|DEBUG))"
)
_DEPLOYMENT_WORDS: Final = frozenset(
    [
        "REGION",
        "HOST",
        "HOSTNAME",
        "URL",
        "URI",
        "ENDPOINT",
        "ORIGIN",
        "DOMAIN",
        "TABLE",
        "BUCKET",
        "QUEUE",
        "TOPIC",
        "ARN",
        "ACCOUNT",
        "ADDRESS",
        "BASE",
        "BASEURL",
        "SERVER",
        "UPSTREAM",
        "BACKEND",
        "PROXY",
        "GATEWAY",
        "CDN",
        "LB",
        "NLB",
        "ALB",
        "ELB",
        "CLUSTER",
        "DSN",
        "WEBHOOK",
        "STAGE",
        "DATABASE",
        "REDIS",
        "SITE",
        "ORIGINS",
        "HOSTS",
        "DOMAINS",
        "URLS",
        "ZONE",
        "CELL",
        "POOL",
        "BROKER",
        "PORT",
    ]
)
_ENV_FILES: Final = (".env", ".env.production")
_DEPLOYMENT_VALUE: Final = re.compile(
    r"https?://|wss?://|^(?:\d{1,3}\.){3}\d|localhost|\.amazonaws\.com|\b(?:us|eu|ap|sa|ca|me|af|il)-[a-z]+-\d\b|^arn:|^[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}(?::\d+)?$"
)


def describes_build(name: str) -> bool:
    """Whether a variable says how or where the build runs, so that freezing it is the point."""
    return _OF_THE_BUILD.fullmatch(name) is not None


def is_deployment_specific(name: str, default: str | None = None) -> bool:
    """Whether a value differs between deployments, by the words of its name or by its default."""
    if _FLAG.fullmatch(name):
        return False
    words = set(name.upper().split("_"))
    if words & _DEPLOYMENT_WORDS or name.endswith("API"):
        return True
    return default is not None and _DEPLOYMENT_VALUE.search(default) is not None


def is_region_bound(name: str) -> bool:
    """Whether the value names a region or what exists once in each region."""
    return bool(
        set(name.upper().split("_")) & {"REGION", "ENDPOINT", "ARN", "NLB", "ALB", "ELB", "LB"}
    )


def weigh(project: Project, app: App, name: str, default: str | None = None) -> Evidence:
    """Return what speaks for *name* being meant to vary after the build of *app*."""
    if describes_build(name):
        return Evidence(Level.NEVER)
    if _is_replaced_at_start(project, app, name):
        return Evidence(Level.NEVER)
    given = _first(
        one for one in project.each(RuntimeProvision) if one.app == app and one.name == name
    )
    if given is not None:
        where = f"{given.location.source.path}:{given.location.line}"
        return Evidence(
            Level.CONTRADICTED, given.location, f"{where} sets it at run time: no effect"
        )
    if _FLAG.fullmatch(name):
        return Evidence(Level.NEVER)
    if project.config.regions.is_several and is_region_bound(name):
        return Evidence(Level.CONTRADICTED, None, "megalint.toml names more than one region")
    hosting = _first(one for one in project.each(SelfHosting) if one.app == app)
    if hosting is not None and is_deployment_specific(name, default):
        where = f"{hosting.location.source.path}:{hosting.location.line}"
        return Evidence(
            Level.SELF_HOSTED, hosting.location, f"the app is built into an image ({where})"
        )
    return Evidence(Level.NEITHER)


def _is_replaced_at_start(project: Project, app: App, name: str) -> bool:
    """Whether the build is given a token, such as its own name, that a script replaces later."""
    built = (
        one.value for one in project.each(BuildProvision) if one.app == app and one.name == name
    )
    if any(_is_token(value, name) for value in built):
        return True
    files = (project.checkout.get(app.path / file) for file in _ENV_FILES)
    assigned = re.compile(rf"^[ \t]*(?:export )?{re.escape(name)}=([^\n]*)", re.MULTILINE)
    lines = (match for file in files if file is not None for match in assigned.finditer(file.text))
    return any(_is_token(match.group(1), name) for match in lines)


def _is_token(value: str, name: str) -> bool:
    plain = re.sub(r"\$\{?\w+", "", value)
    return "PLACEHOLDER" in plain.upper() or name in plain


def strongest(found: Iterable[Evidence]) -> Evidence:
    """Return the evidence that says most."""
    return max(found, key=lambda one: one.level, default=Evidence(Level.NEVER))


def _first(items: Iterable[_T]) -> _T | None:
    return next(iter(items), None)

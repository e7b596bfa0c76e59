"""The environment contract: which variables an app needs when it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from megalint.project.apps import App
from megalint.project.evidence import describes_build
from megalint.project.launches.facts import Need
from megalint.project.linked import Linker, Project
from megalint.project.nextjs.facts import EnvironmentRead, Phase, Variable
from megalint.source import Location, Span

_AT_RUN_TIME: Final = (Phase.REVALIDATE, Phase.START, Phase.REQUEST)
_OWN: Final = re.compile(
    r"PORT|HOSTNAME|HOST|HOME|PATH|PWD|USER|SHELL|TZ|LANG|TMPDIR|KEEP_ALIVE_TIMEOUT|DEBUG|NODE_.*"
    r"|NEXT_(?!PUBLIC_).*|__NEXT_.*|npm_.*|VERCEL.*|OTEL_.*|LOG_LEVEL|NO_COLOR|FORCE_COLOR|JEST_.*"
    r"|VITEST.*|AWS_(?:EXECUTION_ENV|LAMBDA_.*|PROFILE|CONTAINER_.*|SESSION_TOKEN|ACCESS_KEY_ID"
    r"|SECRET_ACCESS_KEY|WEB_IDENTITY_.*|ROLE_ARN|ENDPOINT_URL.*)|LAMBDA_.*|KUBERNETES_.*|K_SERVICE"
)
"""What Next, node, the platform or the instance's role bring, or what has a default of its own."""
_RISKY: Final = re.compile(
    r"localhost|127\.0\.0\.1|0\.0\.0\.0|\b(?:us|eu|ap|sa|ca|me|af|il)-[a-z]+-\d\b"
)


_NEAR: Final = 40
_FAR: Final = 300
_REQUIRED: Final = re.compile(r"if\s*\(\s*!\s*$")
_OPTIONAL: Final = re.compile(r"\.(?:optional|nullish|nullable|default|catch)\(")
_TESTED_BEFORE: Final = re.compile(r"(?:if\s*\(|!!|Boolean\(|\?\?|\|\||&&)\s*$")
_TESTED_AFTER: Final = re.compile(r"!?\s*(?:\?(?![.])|&&|\|\||[!=]==?|\)\s*\{)")


def needs_of(project: Project, app: App | None) -> dict[str, Need]:
    """Return the needs of an app by name; a declared one goes before an inferred one."""
    if app is None:
        return {}
    return {need.name: need for need in project.each(Need) if need.app == app}


def _link(project: Project) -> Iterator[Need]:
    for variable in project.each(Variable):
        need = _inferred(variable)
        if need is not None:
            yield need
    # after the inferred ones: needs_of takes the last
    yield from _declared(project)


def _inferred(variable: Variable) -> Need | None:
    """Return the need that reads make, build-only ones included; None where no server reads it."""
    reads = [one for one in variable.reads if not one.is_inlined]
    phases = {capture.sink.phase for one in reads for capture in one.captures}
    live = sorted(phase for phase in phases if phase in _AT_RUN_TIME)
    if not phases:
        return None
    first = next((one for one in reads if _is_live(one)), reads[0])
    default = first.default
    is_risky = default is not None and _RISKY.search(default) is not None
    is_own = _OWN.fullmatch(variable.name) is not None or describes_build(variable.name)
    at_run_time = [one for one in reads if _is_live(one)]
    is_optional = bool(at_run_time) and all(_is_optional(one) for one in at_run_time)
    return Need(
        variable.app,
        variable.name,
        (live[0] if live else min(phases)).name.lower(),
        default,
        "inferred",
        bool(live) and not is_own and not is_optional and (default is None or is_risky),
        first.read.location,
        is_risky,
    )


def _is_optional(read: EnvironmentRead) -> bool:
    """Whether the code around a read does without the value: it tests it, or the schema says so."""
    place = read.read.location
    text, span = place.source.text, place.span
    before = text[max(span.start - _NEAR, 0) : span.start]
    after = text[span.end : span.end + _FAR]
    if _REQUIRED.search(before):
        return False
    if read.default is not None:
        return False
    schema = re.match(r"\s*:\s*(?P<rule>[^\n]*(?:\n\s+\.[^\n]*)*)", after)
    if schema is not None and _OPTIONAL.search(schema["rule"]):
        return True
    return _TESTED_BEFORE.search(before) is not None or _TESTED_AFTER.match(after) is not None


def _is_live(read: EnvironmentRead) -> bool:
    return any(capture.sink.phase in _AT_RUN_TIME for capture in read.captures)


def _declared(project: Project) -> Iterator[Need]:
    apps = {str(app.path): app for app in project.each(App)}
    for service in project.config.services:
        app = apps.get(service.app.rstrip("/") or ".")
        for name in service.require if app is not None else ():
            if app is not None:
                place = Location(app.manifest, Span(0, 0))
                yield Need(app, name, "request", None, "declared", True, place)


LINKER: Final = Linker((Need,), _link)

"""missing-env-injection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from megalint import Confidence, Data, Finding, Location, Project, Rule, Severity, listed, verb
from megalint.project.launches.causes import cause_of
from megalint.project.launches.facts import Certainty, Launch, Missed, Need
from megalint.project.launches.needs import needs_of

_TOLD_ELSEWHERE = frozenset(
    {"other-command", "user-switch", "turbo", "profile", "other-file", "after-start", "empty"}
)

_OF_OTHERS = frozenset({"compose", "docker", "ecosystem"})
"""Launches whose variables may also come from a place that is not in the repository."""
_FEW = 8


class MissingEnvInjection(Rule[Launch]):
    """A variable that the app needs and that a launch of it does not deliver.

    ## Why is this bad?

    The process starts, and answers, with `undefined` where the variable belongs: the call goes to
    `undefined/api`, to `localhost`, to the region in which the image was built. Nothing fails
    until somebody asks for that page.

    Delivered is what is in the environment of the process when it starts, or in an env file that
    Next.js reads there (`.env.production.local`, `.env.local`, `.env.production`, `.env`), with
    its final value. What the app needs is what its code reads at run time, and what
    `[services.*] require` names in `megalint.toml`. A variable with a default in the code counts
    only where the default points to this machine or to one region.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    export AWS_REGION=ap-northeast-1
    # finding below
    pm2 start npm --name web-frontend -- start
    EOF
    ```

    ```toml path=megalint.toml
    [services.web]
    process = "web-frontend"
    require = ["AWS_REGION", "INTERNAL_API_URL"]
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    export AWS_REGION=ap-northeast-1 INTERNAL_API_URL=http://nlb.example:3001
    pm2 start npm --name web-frontend -- start
    EOF
    ```

    ```toml path=megalint.toml
    [services.web]
    process = "web-frontend"
    require = ["AWS_REGION", "INTERNAL_API_URL"]
    ```
    """

    id = "missing-env-injection"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Launch, project: Project) -> Iterator[Finding]:
        """Yield a finding for what the launch lacks, by how sure it is that it is missed."""
        needs = needs_of(project, fact.app)
        if fact.note is not None and fact.note.startswith("Terraform refuses"):
            return  # the rules on templates say more about it
        causes = {name: cause_of(fact, name) for name in fact.lacks}
        left = {
            name: cause
            for name, cause in causes.items()
            if cause is None or cause.kind not in _TOLD_ELSEWHERE
        }
        vouched = _vouched(fact, project) if left else set()
        levels = {name: _level(name, fact, needs, len(left), vouched) for name in left}
        for severity in Severity:
            told = {name: cause for name, cause in left.items() if levels[name] is severity}
            if told:
                confidence = Confidence.MEDIUM if vouched.isdisjoint(told) else Confidence.HIGH
                yield self._finding(fact, told, needs, severity, confidence)

    def _finding(
        self,
        launch: Launch,
        causes: Mapping[str, Missed | None],
        needs: Mapping[str, Need],
        severity: Severity,
        confidence: Confidence,
    ) -> Finding:
        reads = [needs[name].location for name in causes if name in needs]
        return self.finding(
            launch.location.labelled(f"starts {launch.title}"),
            _message(launch, list(causes)),
            severity=severity,
            confidence=confidence,
            related=tuple(one.labelled("read here") for one in reads[:3] if one.span.end),
            notes=tuple(_notes(launch, causes, needs)),
            data=Data(env=tuple(causes)),
        )


def _level(
    name: str, launch: Launch, needs: Mapping[str, Need], count: int, vouched: set[str]
) -> Severity:
    """Return how bad it is: a default hides it, or nobody but the code says it is needed."""
    if name in needs and needs[name].is_risky:
        return Severity.WARNING
    is_guess = launch.kind in _OF_OTHERS or count > _FEW
    if is_guess and name not in vouched:
        return Severity.NOTE
    return Severity.ERROR


def _vouched(launch: Launch, project: Project) -> set[str]:
    """Return what a contract, or another launch of the app, says is to be given."""
    given = {
        name
        for other in project.each(Launch)
        if other.app == launch.app and other.location != launch.location
        for name in other.effective
    }
    return given | project.config.required


def _message(launch: Launch, names: list[str]) -> str:
    shown = listed(names)
    if launch.starts is Certainty.NEVER:
        return (
            f"{launch.title} never starts here, so {shown} {verb(names, 'is', 'are')} not delivered"
        )
    return f"{shown} never {verb(names, 'reaches', 'reach')} {launch.title}: it starts without"


def _notes(
    launch: Launch, causes: Mapping[str, Missed | None], needs: Mapping[str, Need]
) -> Iterator[str]:
    if launch.note is not None:
        yield launch.note
    for name, cause in causes.items() if launch.starts is not Certainty.NEVER else ():
        if cause is not None and cause.kind == "unexported":
            yield f"`{name}` is set in {_at(cause.set_at)} but never exported"
        elif cause is not None and cause.kind == "subshell":
            yield f"`{name}` is exported in a subshell ({_at(cause.set_at)}), which ends with it"
        elif (given := launch.effective.get(name)) is not None and given.value.known:
            yield (
                f"`{name}` is still {given.value.known!r}: the `sed` that was to replace it fails"
                f" ({_at(given.location)})"
            )
        elif name in needs and needs[name].default is not None:
            yield f"`{name}` falls back to {needs[name].default!r}"


def _at(location: Location) -> str:
    return f"{location.source.path}:{location.line}"

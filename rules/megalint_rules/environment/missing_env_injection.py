"""missing-env-injection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from megalint import Confidence, Data, Finding, Location, Project, Rule, Severity, listed, verb
from megalint.project.launches.causes import cause_of
from megalint.project.launches.facts import Certainty, Launch, Need

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
        needs = {one.name: one for one in project.each(Need) if one.app == fact.app}
        if fact.note is not None and fact.note.startswith("Terraform refuses"):
            return  # the rules on templates say more about it
        causes = {name: cause_of(fact, name) for name in fact.lacks}
        left = [
            name
            for name, cause in causes.items()
            if cause is None or cause.kind not in _TOLD_ELSEWHERE
        ]
        levels = {name: self._level(name, fact, needs, len(left), project) for name in left}
        for severity in Severity:
            names = [name for name in left if levels[name] is severity]
            if names:
                yield self._finding(fact, names, needs, severity, project)

    def _level(
        self, name: str, launch: Launch, needs: dict[str, Need], count: int, project: Project
    ) -> Severity:
        """Return how bad it is: a default hides it, or nobody but the code says it is needed."""
        if name in needs and needs[name].is_risky:
            return Severity.WARNING
        is_guess = launch.kind in _OF_OTHERS or count > _FEW
        if is_guess and name not in _vouched(launch, project):
            return Severity.NOTE
        return Severity.ERROR

    def _finding(
        self,
        launch: Launch,
        names: list[str],
        needs: dict[str, Need],
        severity: Severity,
        project: Project,
    ) -> Finding:
        shown = listed(names)
        reads = [needs[name].location for name in names if name in needs]
        return self.finding(
            launch.location.labelled(f"starts {launch.title}"),
            _message(launch, shown, names),
            severity=severity,
            confidence=self._confidence(launch, names, project),
            related=tuple(one.labelled("read here") for one in reads[:3] if one.span.end),
            notes=tuple(_notes(launch, names, needs)),
            data=Data(env=tuple(names)),
        )

    def _confidence(self, launch: Launch, names: Iterable[str], project: Project) -> Confidence:
        is_vouched = bool(set(names) & _vouched(launch, project))
        return Confidence.HIGH if is_vouched else Confidence.MEDIUM


def _vouched(launch: Launch, project: Project) -> set[str]:
    """Return what a contract, or another launch of the app, says is to be given."""
    declared = {name for one in project.config.services for name in one.require}
    given = {
        name
        for other in project.each(Launch)
        if other.app == launch.app and other.location != launch.location
        for name in other.effective
    }
    return declared | given


def _message(launch: Launch, shown: str, names: list[str]) -> str:
    if launch.starts is Certainty.NEVER:
        return (
            f"{launch.title} never starts here, so {shown} {verb(names, 'is', 'are')} not delivered"
        )
    return f"{shown} never {verb(names, 'reaches', 'reach')} {launch.title}: it starts without"


def _notes(launch: Launch, names: list[str], needs: dict[str, Need]) -> Iterator[str]:
    if launch.note is not None:
        yield launch.note
    for name in names if launch.starts is not Certainty.NEVER else ():
        cause = cause_of(launch, name)
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

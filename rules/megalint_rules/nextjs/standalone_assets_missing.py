"""standalone-assets-missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity, Source
from megalint.classify import Kind, classify
from megalint.project.deployments import StandaloneUse

_PUBLIC = re.compile(r"(?<![\w.-])public(?![\w.-])")
_WHOLESALE = re.compile(r"\S*(?<!/standalone)/\.next/? \S*\.next/?(?:$|\s)|^/[\w-]+/? \S+$")
_SCRIPTS = (Kind.DOCKERFILE, Kind.SHELL, Kind.TERRAFORM, Kind.COMPOSE)
_YAML = (Kind.YAML, Kind.WORKFLOW, Kind.LOCK_FILE, Kind.WORKSPACE)


class StandaloneAssetsMissing(Rule[StandaloneUse]):
    """The standalone server is started without its scripts, styles and public files.

    ## Why is this bad?

    `next build` leaves `.next/static` and `public` out of `.next/standalone`. Unless they are copied
    next to `server.js`, every script and style sheet is answered with 404: the page is there and
    nothing works.

    ## Example

    ```dockerfile path=Dockerfile
    FROM node:20 AS build
    WORKDIR /app
    COPY . .
    RUN npm ci && npm run build

    FROM node:20
    WORKDIR /app
    # finding below
    COPY --from=build /app/.next/standalone ./
    CMD ["node", "server.js"]
    ```

    ```js path=next.config.mjs
    export default { output: 'standalone' };
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```dockerfile path=Dockerfile
    FROM node:20 AS build
    WORKDIR /app
    COPY . .
    RUN npm ci && npm run build

    FROM node:20
    WORKDIR /app
    COPY --from=build /app/.next/standalone ./
    COPY --from=build /app/.next/static ./.next/static
    CMD ["node", "server.js"]
    ```

    ```js path=next.config.mjs
    export default { output: 'standalone' };
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "standalone-assets-missing"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: StandaloneUse, project: Project) -> Iterator[Finding]:
        """Yield a finding at the first use of an image or script that copies too little."""
        uses = [one for one in project.each(StandaloneUse) if one.app == fact.app]
        same = [one for one in uses if one.location.source == fact.location.source]
        if fact != same[0] or (fact.image is None and uses[0] != fact):
            return
        places = list(_places(project, fact))

        def says(what: str | re.Pattern[str]) -> bool:
            return any(one.mentions(what) for one in places)

        if says("assetPrefix") or (fact.kind == "copy" and says(_WHOLESALE)):
            return
        if not says(".next/static"):
            yield self._finding(fact, "`.next/static`", "every script and style sheet")
        elif _has_public(project, fact) and not says(_PUBLIC):
            yield self._finding(fact, "`public`", "every file that lies in it")

    def _finding(self, fact: StandaloneUse, folder: str, lost: str) -> Finding:
        return self.finding(
            fact.location.labelled("brings server.js alone"),
            f"{folder} is copied nowhere: the standalone server answers {lost} with 404",
            notes=(
                "instead: copy `.next/static` to `.next/static` and `public` to `public` beside `server.js`",
            ),
        )


def _has_public(project: Project, fact: StandaloneUse) -> bool:
    return project.checkout.has_folder(fact.app.path / "public")


def _places(project: Project, fact: StandaloneUse) -> Iterator[Source]:
    """Yield what may copy files at build or start; other images are no help to an image."""
    image = fact.image
    if image is not None:
        yield from (Source(fact.location.source.path, one.command) for one in image.instructions)
    for source in _may_copy(project, fact):
        if image is None or classify(source.path) not in {Kind.DOCKERFILE, Kind.COMPOSE}:
            yield source


def _may_copy(project: Project, fact: StandaloneUse) -> Iterator[Source]:
    checkout = project.checkout
    yield from checkout.named("package.json")
    yield from checkout.of_kind(*_SCRIPTS)
    yield from (one for one in checkout.of_kind(*_YAML) if one.path.suffix in {".yml", ".yaml"})
    yield from (one for one in checkout.below(fact.app.path) if one.mentions("standalone"))
    if fact.app.config is not None:
        yield fact.app.config

"""standalone-assets-missing."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity, Source
from megalint.classify import Kind, classify
from megalint.project.deployments import StandaloneUse

_SCRIPTS = frozenset({Kind.DOCKERFILE, Kind.SHELL, Kind.TERRAFORM, Kind.COMPOSE})


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
        """Yield a finding at the first use when nothing in the repository copies the files."""
        uses = [one for one in project.each(StandaloneUse) if one.app == fact.app]
        if fact != uses[0] or any(
            _mentions_static(source.text) for source in _scripts(project, fact)
        ):
            return
        yield self.finding(
            fact.location.labelled("brings server.js alone"),
            "`.next/static` is copied nowhere: the standalone server answers every script and style "
            "sheet with 404",
            notes=(
                "instead: copy `.next/static` to `.next/static` and `public` to `public` beside `server.js`",
            ),
        )


def _scripts(project: Project, fact: StandaloneUse) -> Iterator[Source]:
    """Yield the texts that may copy files at build or start."""
    for source in project.checkout:
        is_manifest = source.path.name == "package.json"
        is_workflow = source.path.suffix in {".yml", ".yaml"}
        if (
            is_manifest
            or is_workflow
            or classify(source.path) in _SCRIPTS
            or (source.path.is_relative_to(fact.app.path) and "standalone" in source.text)
        ):
            yield source


def _mentions_static(text: str) -> bool:
    return ".next/static" in text or "assetPrefix" in text

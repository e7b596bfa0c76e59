"""missing-standalone-output."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import (
    Confidence,
    Edit,
    Finding,
    Fix,
    Location,
    Project,
    Rule,
    Safety,
    Severity,
    Span,
)
from megalint.project.deployments import StandaloneUse, Start
from megalint.project.nextjs.facts import AppConfig


class MissingStandaloneOutput(Rule[AppConfig]):
    """The standalone server is copied or started, but the build does not make one.

    ## Why is this bad?

    `next build` writes `.next/standalone` only with `output: 'standalone'`. Without it the image
    build fails at the copy, or the process at the start, on the machine that was to take over.

    An image that runs `next start` needs no such folder; it carries all of `node_modules`: a note.

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
    COPY --from=build /app/.next/static ./.next/static
    CMD ["node", "server.js"]
    ```

    ```js path=next.config.mjs
    export default {};
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

    id = "missing-standalone-output"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: AppConfig, project: Project) -> Iterator[Finding]:
        """Yield a finding at the first line that needs the standalone server, or runs without."""
        if fact.output == "standalone" or not fact.is_complete or not fact.is_output_certain:
            return
        use = next((one for one in project.each(StandaloneUse) if one.app == fact.app), None)
        start = next((one for one in project.each(Start) if one.app == fact.app), None)
        wish = next((one for one in project.config.services if one.app == str(fact.app.path)), None)
        if use is not None:
            yield self._needed(use, fact)
        elif wish is not None and wish.standalone == "required":
            yield self._required(fact, wish.name)
        elif (
            start is not None and fact.output is None and (wish is None or wish.standalone != "off")
        ):
            yield self._advised(start)

    def _required(self, config: AppConfig, service: str) -> Finding:
        place = config.location or Location(config.app.manifest, Span(0, 0))
        return self.finding(
            Location(place.source, _opening(place), "asks for no standalone server"),
            f"service `{service}` requires the standalone server, but the build makes none",
            notes=("instead: `output: 'standalone'` in next.config",),
            fix=_fix(config),
        )

    def _needed(self, use: StandaloneUse, config: AppConfig) -> Finding:
        place = config.location
        related = (
            ()
            if place is None
            else (Location(place.source, _opening(place), "nothing here asks for it"),)
        )
        written = f"`output: '{config.output}'`" if config.output else "no `output`"
        return self.finding(
            use.location.labelled("needs .next/standalone"),
            f"`.next/standalone` is used here, but next.config has {written}: the build makes no such folder",
            related=related,
            notes=("instead: `output: 'standalone'` in next.config",),
            fix=_fix(config),
        )

    def _advised(self, start: Start) -> Finding:
        return self.finding(
            start.location.labelled("runs from the whole checkout"),
            "`next start` runs here with all of node_modules: next.config has no `output: 'standalone'`",
            severity=Severity.NOTE,
            notes=(
                "`next start` serves without it; an image for another region is smaller with it",
            ),
        )


def _opening(place: Location) -> Span:
    """Return the first line of the configuration object."""
    end = place.text.find("\n")
    return Span(place.span.start, place.span.end if end < 0 else place.span.start + end)


def _fix(config: AppConfig) -> Fix | None:
    """Write the key at the start of the configuration object."""
    place = config.location
    if place is None or config.output is not None or not place.text.startswith("{"):
        return None
    after = place.span.start + 1
    text = " output: 'standalone'" if place.text.rstrip() == "{}" else "\n  output: 'standalone',"
    edit = Edit(place.source, Span(after, after), text + " " * (place.text == "{}"))
    return Fix("add output: 'standalone'", Safety.SAFE, (edit,))

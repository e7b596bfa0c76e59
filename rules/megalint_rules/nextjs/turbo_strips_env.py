"""turbo-strips-env."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Location, Project, Rule, Severity
from megalint.formats import turbo
from megalint.formats.turbo import Turbo, passes
from megalint.project.deployments import Image
from megalint.project.nextjs.facts import Variable


class TurboStripsEnv(Rule[Variable]):
    """A variable that turbo keeps from the build although the image sets it.

    ## Why is this bad?

    Since version 2 turbo starts tasks with the variables that turbo.json names, and no others. A
    variable that the Dockerfile sets before `turbo build` never reaches `next build`: what is frozen
    is the fallback, or `undefined`.

    ## Example

    ```js path=apps/web/next.config.mjs
    export default {
      async redirects() {
        return [{ source: '/shop', destination: process.env.SHOP_URL, permanent: false }];
      },
    };
    ```

    ```dockerfile path=apps/web/Dockerfile
    FROM node:20
    WORKDIR /app
    COPY . .
    # finding below
    ARG SHOP_URL
    RUN npx turbo run build --filter=web
    CMD ["npm", "start"]
    ```

    ```json path=apps/web/package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    ```json path=turbo.json
    { "tasks": { "build": { "outputs": [".next/**"] } } }
    ```

    ```json path=package.json
    { "name": "shop", "workspaces": ["apps/*"], "devDependencies": { "turbo": "^2.0.0" } }
    ```

    Use instead:

    ```js path=apps/web/next.config.mjs
    export default {
      async redirects() {
        return [{ source: '/shop', destination: process.env.SHOP_URL, permanent: false }];
      },
    };
    ```

    ```dockerfile path=apps/web/Dockerfile
    FROM node:20
    WORKDIR /app
    COPY . .
    ARG SHOP_URL
    RUN npx turbo run build --filter=web
    CMD ["npm", "start"]
    ```

    ```json path=apps/web/package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    ```json path=turbo.json
    { "tasks": { "build": { "outputs": [".next/**"], "env": ["SHOP_URL"] } } }
    ```

    ```json path=package.json
    { "name": "shop", "workspaces": ["apps/*"], "devDependencies": { "turbo": "^2.0.0" } }
    ```
    """

    id = "turbo-strips-env"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Variable, project: Project) -> Iterator[Finding]:
        """Yield a finding where the image hands the variable to turbo and turbo drops it."""
        at_build = [one for one in fact.reads if one.phase.is_frozen]
        turbo = _turbo(fact, project)
        if not at_build or turbo is None or fact.name.startswith("NEXT_PUBLIC_"):
            return
        if passes(turbo.patterns("build", fact.app.name), fact.name):
            return
        for image in project.each(Image):
            given = _given_to_turbo(image, fact.name) if image.app == fact.app else None
            if given is not None:
                yield self.finding(
                    given.labelled("given to turbo ..."),
                    f"`{fact.name}` never reaches `next build`: turbo's strict mode drops what the task "
                    "`build` does not name",
                    related=(
                        turbo.place("build", fact.app.name).labelled(
                            "... which does not pass it on"
                        ),
                        at_build[0].read.location.labelled("read by the build"),
                    ),
                    notes=(f'instead: `"env": ["{fact.name}"]` in the task `build` of turbo.json',),
                    data=Data(env=(fact.name,)),
                )


def _turbo(fact: Variable, project: Project) -> Turbo | None:
    """Return the strict turbo.json above the app, or None."""
    for folder in fact.app.path.parents:
        source = project.checkout.get(folder / "turbo.json") or project.checkout.get(
            folder / "turbo.jsonc"
        )
        if source is not None:
            found = project.checkout.parsed(source, turbo.parse)
            return found if found.is_strict else None
    return None


def _given_to_turbo(image: Image, name: str) -> Location | None:
    """Return the ARG or ENV that sets *name* in the stage that runs turbo, before it does."""
    given: Location | None = None
    stage = -1
    for one in image.dockerfile.instructions:
        if one.word in {"ARG", "ENV"} and name in one.assignments:
            given, stage = one.location, one.stage
        is_build = one.word == "RUN" and "turbo" in one.text and "build" in one.text
        if is_build and "--env-mode=loose" not in one.text:
            return given if stage == one.stage else None
    return None

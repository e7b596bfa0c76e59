"""turbo-strips-env."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity
from megalint.project.launches.facts import Launch, Missed
from megalint.project.nextjs.facts import EnvironmentRead, Phase, Variable
from megalint.project.tasks import Handover, handovers

_STARTED = frozenset({Phase.START, Phase.REQUEST})


class TurboStripsEnv(Rule[Variable]):
    """A variable that turbo keeps from `next build` or `next start` although the image sets it.

    ## Why is this bad?

    Since version 2 turbo starts tasks with the variables that turbo.json names, and no others. A
    variable that the Dockerfile sets before `turbo build` never reaches `next build`: what is frozen
    is the fallback, or `undefined`. Where the image starts with `turbo start`, the running process
    lacks what Docker or compose gives it in the same way.

    Let through without being named: `NEXT_PUBLIC_*`, `VERCEL_*`, `CI` and a few more, and what Next
    reads from `.env` files by itself. Turbo 1 is strict only where `passThroughEnv` is used.

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
        """Yield a finding where turbo is handed the variable and the task does not see it."""
        frozen = [one for one in fact.reads if one.phase.is_frozen]
        running = [one for one in fact.reads if one.phase in _STARTED]
        for handover in handovers(project, fact.app):
            reads = frozen if handover.is_build else running
            given = handover.given.get(fact.name)
            if reads and given is not None and not handover.task.passes(fact.name):
                yield self._finding(fact, handover, reads[0])
        for launch in project.each(Launch) if running else ():
            missed = launch.missed.get(fact.name)
            is_lost = missed is not None and missed.kind == "turbo"
            if launch.app == fact.app and is_lost and fact.name not in launch.effective:
                yield self._of_launch(fact, launch, launch.missed[fact.name], running[0])

    def _of_launch(
        self, fact: Variable, launch: Launch, missed: Missed, read: EnvironmentRead
    ) -> Finding:
        turbo = missed.lost_at or launch.location
        return self.finding(
            missed.set_at.labelled("given to turbo ..."),
            f"`{fact.name}` never reaches {launch.title}: turbo's strict mode drops what the task "
            f"`{missed.words}` does not name",
            related=(
                turbo.labelled("... which does not pass it on"),
                read.read.location.labelled("read here"),
            ),
            notes=(f'instead: `"passThroughEnv": ["{fact.name}"]` in the task of turbo.json',),
            data=Data(env=(fact.name,)),
        )

    def _finding(self, fact: Variable, handover: Handover, read: EnvironmentRead) -> Finding:
        target = "`next build`" if handover.is_build else "the running process"
        return self.finding(
            handover.given[fact.name].labelled("given to turbo ..."),
            f"`{fact.name}` never reaches {target}: turbo's strict mode drops what the task "
            f"`{handover.name}` does not name",
            related=(
                handover.task.place.labelled("... which does not pass it on"),
                read.read.location.labelled(
                    "read by the build" if handover.is_build else "read here"
                ),
            ),
            notes=(
                f'instead: `"env": ["{fact.name}"]` in the task `{handover.name}` of turbo.json',
            ),
            data=Data(env=(fact.name,)),
        )

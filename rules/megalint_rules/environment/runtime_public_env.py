"""runtime-public-env."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity, listed, verb
from megalint.project.deployments import BuildProvision
from megalint.project.evidence import Level, weigh
from megalint.project.launches.facts import Certainty, Channel, Injection, Launch
from megalint.project.nextjs.facts import Variable


class RuntimePublicEnv(Rule[Launch]):
    """`NEXT_PUBLIC_*` given to the running process: the build has put its own value in already.

    ## Why is this bad?

    `next build` replaces `process.env.NEXT_PUBLIC_X` by a text, in the code of the server and of
    the browser. What user data, compose or PM2 give later is read by nobody. The variable has to be
    there when the image is built.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    # finding below
    NEXT_PUBLIC_REGION=ap-northeast-1 pm2 start npm --name web-frontend -- start
    EOF
    ```

    ```tsx path=apps/web/app/page.tsx
    export default function Page() {
      return <p>{process.env.NEXT_PUBLIC_REGION}</p>;
    }
    ```

    ```json path=apps/web/package.json
    { "name": "web", "scripts": { "start": "next start" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    REGION=ap-northeast-1 pm2 start npm --name web-frontend -- start
    EOF
    ```

    ```tsx path=apps/web/app/page.tsx
    import { connection } from 'next/server';

    export default async function Page() {
      await connection();
      return <p>{process.env.REGION}</p>;
    }
    ```

    ```json path=apps/web/package.json
    { "name": "web", "scripts": { "start": "next start" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "runtime-public-env"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Launch, project: Project) -> Iterator[Finding]:
        """Yield a finding for the public variables that a launch gives in vain."""
        if fact.app is None or fact.starts is Certainty.NEVER or _builds(fact):
            return
        inlined = {
            one.name
            for one in project.each(Variable)
            if one.app == fact.app and all(read.is_inlined for read in one.reads)
        }
        found = [
            one
            for one in fact.effective.values()
            if one.name in inlined
            and one.channel is not Channel.IMAGE
            and _is_vain(one, fact, project)
        ]
        if found:
            names = [one.name for one in found]
            yield self.finding(
                found[0].location.labelled("comes after the build"),
                f"{listed(names)} {verb(names, 'has', 'have')} no effect in {fact.title}: `next build`"
                " has put its own value into the code",
                related=(fact.location.labelled(f"starts {fact.title}"),),
                notes=("instead: give it to the build, or read another name on the server",),
                data=Data(env=tuple(names)),
            )


def _is_vain(one: Injection, launch: Launch, project: Project) -> bool:
    """Whether the build got another value, or none: given to both, it is only superfluous."""
    if launch.app is None or not one.name.startswith("NEXT_PUBLIC_"):
        return False
    at_build = {
        given.value
        for given in project.each(BuildProvision)
        if given.app == launch.app and given.name == one.name
    }
    if one.value.known in at_build or any("$" in value or not value for value in at_build):
        return False
    return weigh(project, launch.app, one.name).level is not Level.NEVER


def _builds(launch: Launch) -> bool:
    """Whether the script that starts the app builds it as well."""
    text = launch.location.source.text
    return any(words in text for words in ("next build", "run build", "yarn build", "pnpm build"))

"""home-expanded-as-root."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Edit, Finding, Fix, Location, Project, Rule, Safety, Severity, Span
from megalint.project.launches.facts import Boot, Event


class HomeExpandedAsRoot(Rule[Boot]):
    r"""`$HOME` or `~` that root expands inside the command of another user.

    ## Why is this bad?

    In double quotes the shell that runs the user data expands `$HOME`, not the one of the user.
    cloud-init leaves HOME unset there: `"source $HOME/.nvm/nvm.sh"` becomes `source /.nvm/nvm.sh`,
    and everything behind the next `&&` is not run.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    # finding below
    sudo -u ec2-user bash -c "cd $HOME/tickets/apps/web && pm2 restart web-frontend --update-env"
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -u ec2-user bash -c "cd \$HOME/tickets/apps/web && pm2 restart web-frontend --update-env"
    ```
    """

    id = "home-expanded-as-root"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Boot, project: Project) -> Iterator[Finding]:
        """Yield a finding for each expansion."""
        for event in fact.events:
            if event.kind == "home-expanded":
                yield self._finding(event)

    def _finding(self, event: Event) -> Finding:
        written = event.location.text
        becomes = f"`{event.words}`" if event.words else "nothing: HOME is unset in user data"
        return self.finding(
            event.location.labelled("expanded by root, before the user's shell sees it"),
            f"`{written}` is root's here, not that of {event.subject}: it becomes {becomes}",
            related=() if event.related is None else (event.related.labelled("the command"),),
            notes=("instead: escape the dollar, or put the command in single quotes",),
            fix=_fix(event.location),
        )


def _fix(place: Location) -> Fix | None:
    if not place.text.startswith("$"):
        return None
    at = Span(place.span.start, place.span.start)
    return Fix("escape the dollar", Safety.SAFE, (Edit(place.source, at, "\\"),))

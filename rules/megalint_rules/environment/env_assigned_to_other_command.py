"""env-assigned-to-other-command."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import (
    Confidence,
    Data,
    Edit,
    Finding,
    Fix,
    Location,
    Project,
    Rule,
    Safety,
    Severity,
    Span,
    listed,
    verb,
)
from megalint.project.launches.causes import causes_of
from megalint.project.launches.facts import Launch, Missed


class EnvAssignedToOtherCommand(Rule[Launch]):
    r"""Variables put before another command than the one that starts the process.

    ## Why is this bad?

    `A=1 B=2 echo starting && pm2 start app` gives `A` and `B` to `echo`. An assignment before a
    command belongs to that command alone, and a list joined by `&&`, `;` or a line end holds
    several. The line reads as if `pm2` had them.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    # finding below
    AWS_REGION=ap-northeast-1 \
    echo 'starting web' >> ~/start.log && pm2 start npm --name web-frontend -- start
    EOF
    ```

    ```toml path=megalint.toml
    [services.web]
    process = "web-frontend"
    require = ["AWS_REGION"]
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    echo 'starting web' >> ~/start.log
    AWS_REGION=ap-northeast-1 pm2 start npm --name web-frontend -- start
    EOF
    ```

    ```toml path=megalint.toml
    [services.web]
    process = "web-frontend"
    require = ["AWS_REGION"]
    ```
    """

    id = "env-assigned-to-other-command"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Launch, project: Project) -> Iterator[Finding]:
        """Yield a finding for the variables that another command got."""
        found = causes_of(fact, {"other-command"})
        if not found:
            return
        names = listed([one.name for one in found])
        first = found[0]
        message = (
            f"{names} {verb([one.name for one in found], 'is', 'are')} given to `{first.words}`, not to the command that"
            f" starts {fact.title}: it boots without"
        )
        other = () if first.lost_at is None else (first.lost_at.labelled("... which is this"),)
        yield self.finding(
            first.set_at.labelled("belongs to the command that follows ..."),
            message,
            related=(*other, fact.location.labelled(f"starts {fact.title}")),
            notes=("help: move the assignments in front of the command that starts the process",),
            data=Data(env=tuple(one.name for one in found)),
            fix=_fix(found, fact.location),
        )


def _fix(found: tuple[Missed, ...], target: Location) -> Fix | None:
    """Move the assignments before the start, where they are written as they are in one source."""
    text = target.source.text
    for one in found:
        is_whole = text[one.set_at.span.end : one.set_at.span.end + 1] in {" ", "\t", "\n"}
        if one.set_at.source != target.source or not is_whole:
            return None
    moved = "".join(f"{one.set_at.text} " for one in found)
    edits = [Edit(target.source, Span(target.span.start, target.span.start), moved)]
    for one in found:
        end = one.set_at.span.end
        while text[end : end + 1] == " ":
            end += 1
        if text[end : end + 2] == "\\\n":
            end += 2
        edits.append(Edit(target.source, Span(one.set_at.span.start, end), ""))
    return Fix("move the assignments", Safety.UNSAFE, tuple(edits))

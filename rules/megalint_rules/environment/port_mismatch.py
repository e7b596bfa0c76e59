"""port-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.launches.facts import Certainty, Launch
from megalint.project.terraform.groups import ScalingGroup, TargetGroup


class PortMismatch(Rule[TargetGroup]):
    """A target group that asks a port on which nothing of its machines listens.

    ## Why is this bad?

    The process listens on the port of `-p`, of `PORT`, or on 3000. A target group with another one
    finds every machine unhealthy, and Auto Scaling replaces them without end.

    ## Example

    ```hcl path=main.tf
    resource "aws_lb_target_group" "web" {
      port     = 8080 # finding
      protocol = "HTTP"
    }
    resource "aws_launch_template" "web" {
      user_data = base64encode(file("${path.module}/web.sh"))
    }
    resource "aws_autoscaling_group" "web" {
      target_group_arns = [aws_lb_target_group.web.arn]
      launch_template {
        id      = aws_launch_template.web.id
        version = "$Latest"
      }
    }
    ```

    ```bash path=web.sh
    #!/bin/bash
    cd /home/ec2-user/tickets/apps/web
    PORT=3000 pm2 start npm --name web-frontend -- start
    ```

    Use instead:

    ```hcl path=main.tf
    resource "aws_lb_target_group" "web" {
      port     = 3000
      protocol = "HTTP"
    }
    resource "aws_launch_template" "web" {
      user_data = base64encode(file("${path.module}/web.sh"))
    }
    resource "aws_autoscaling_group" "web" {
      target_group_arns = [aws_lb_target_group.web.arn]
      launch_template {
        id      = aws_launch_template.web.id
        version = "$Latest"
      }
    }
    ```

    ```bash path=web.sh
    #!/bin/bash
    cd /home/ec2-user/tickets/apps/web
    PORT=3000 pm2 start npm --name web-frontend -- start
    ```
    """

    id = "port-mismatch"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: TargetGroup, project: Project) -> Iterator[Finding]:
        """Yield a finding where every process listens on another port, and each is known."""
        launches = [one for one in project.each(Launch) if _is_behind(one, fact, project)]
        ports = [one.port for one in launches]
        if not launches or None in ports or str(fact.port.number) in ports:
            return
        if any(one.location.source.mentions("nginx") for one in launches):
            return
        first = launches[0]
        yield self.finding(
            fact.port.location.labelled(f"asks port {fact.port.number}"),
            f"`{fact.address}` asks port {fact.port.number}, and {first.title} listens on {first.port}",
            related=(first.location.labelled(f"listens on {first.port}"),),
        )


def _is_behind(launch: Launch, target: TargetGroup, project: Project) -> bool:
    """Whether machines of the launch's template are in the target group."""
    if launch.owner is None or launch.starts is Certainty.NEVER:
        return False
    return any(
        target.key in group.targets
        and group.template is not None
        and group.template.endswith(f"/{launch.owner}")
        for group in project.each(ScalingGroup)
    )

"""health-check-blocked."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import BlockedCheck


class HealthCheckBlocked(Rule[BlockedCheck]):
    """A health check of a load balancer that the checkers of Route 53 cannot reach.

    ## Why is this bad?

    The checkers ask from public addresses, all over the world. A load balancer that is internal, that does not listen on
    the port, or whose security group admits private addresses only, does not answer them: the check is never healthy.

    ## Example

    ```hcl path=main.tf
    resource "aws_security_group" "web" {
      vpc_id = "vpc-0123456789abcdef0"
      ingress {
        from_port   = 443
        to_port     = 443
        protocol    = "tcp"
        cidr_blocks = ["10.0.0.0/16"]
      }
    }

    resource "aws_lb" "web" {
      name            = "web"
      security_groups = [aws_security_group.web.id]
    }

    resource "aws_route53_health_check" "web" { # finding
      fqdn              = aws_lb.web.dns_name
      type              = "HTTPS"
      resource_path     = "/api/health"
      request_interval  = 10
      failure_threshold = 3
    }
    ```

    Use instead:

    ```hcl path=main.tf
    resource "aws_security_group" "web" {
      vpc_id = "vpc-0123456789abcdef0"
      ingress {
        from_port   = 443
        to_port     = 443
        protocol    = "tcp"
        cidr_blocks = ["0.0.0.0/0"]
      }
    }

    resource "aws_lb" "web" {
      name            = "web"
      security_groups = [aws_security_group.web.id]
    }

    resource "aws_route53_health_check" "web" {
      fqdn              = aws_lb.web.dns_name
      type              = "HTTPS"
      resource_path     = "/api/health"
      request_interval  = 10
      failure_threshold = 3
    }
    ```
    """

    id = "health-check-blocked"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: BlockedCheck, project: Project) -> Iterator[Finding]:
        """Yield a finding for a check that is never healthy."""
        related = () if fact.blocked_at is None else (fact.blocked_at.labelled("in the way"),)
        yield self.finding(
            fact.location.labelled("asked from public addresses"),
            f"`{fact.address}` asks `{fact.balancer}` on port {fact.port}, in vain: {fact.words}",
            related=related,
            notes=(f"instead: {fact.instead}",),
        )

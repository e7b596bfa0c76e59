"""table-without-replica."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import LonelyTable


class TableWithoutReplica(Rule[LonelyTable]):
    """A table that a process of the recovery region is to read, and that is not replicated there.

    ## Why is this bad?

    A name of a table is looked for in the region of the client. The process in the recovery region asks there, the table is
    in the other one: every request ends with `ResourceNotFoundException`, on the day of the failover for the first time.

    ## Example

    ```hcl path=main.tf
    provider "aws" {
      region = "ap-northeast-2"
    }

    provider "aws" {
      alias  = "tokyo"
      region = "ap-northeast-1"
    }

    resource "aws_dynamodb_table" "reservations" { # finding
      name             = "reservations"
      billing_mode     = "PAY_PER_REQUEST"
      hash_key         = "id"
      stream_enabled   = true
      stream_view_type = "NEW_AND_OLD_IMAGES"
      attribute {
        name = "id"
        type = "S"
      }
    }

    resource "aws_launch_template" "app" {
      provider  = aws.tokyo
      name      = "app-dr"
      user_data = base64encode(<<-EOT
        #!/bin/bash
        cd /opt/app
        AWS_REGION=ap-northeast-1 RESERVATIONS_TABLE=reservations node server.js
      EOT
      )
    }
    ```

    Use instead:

    ```hcl path=main.tf
    provider "aws" {
      region = "ap-northeast-2"
    }

    provider "aws" {
      alias  = "tokyo"
      region = "ap-northeast-1"
    }

    resource "aws_dynamodb_table" "reservations" {
      name             = "reservations"
      billing_mode     = "PAY_PER_REQUEST"
      hash_key         = "id"
      stream_enabled   = true
      stream_view_type = "NEW_AND_OLD_IMAGES"
      attribute {
        name = "id"
        type = "S"
      }
      replica {
        region_name = "ap-northeast-1"
      }
    }

    resource "aws_launch_template" "app" {
      provider  = aws.tokyo
      name      = "app-dr"
      user_data = base64encode(<<-EOT
        #!/bin/bash
        cd /opt/app
        AWS_REGION=ap-northeast-1 RESERVATIONS_TABLE=reservations node server.js
      EOT
      )
    }
    ```
    """

    id = "table-without-replica"
    severity = Severity.ERROR
    confidence = Confidence.MEDIUM
    since = "0.1.0"

    def check(self, fact: LonelyTable, project: Project) -> Iterator[Finding]:
        """Yield a finding for a table that is not where it is asked for."""
        yield self.finding(
            fact.location.labelled(f"in {fact.region} only"),
            f"`{fact.address}` has no replica in {fact.needed_in}, where a process is given its name",
            related=(fact.given_at.labelled(f"`{fact.variable}`, for a client there"),),
            notes=(f'instead: `replica {{ region_name = "{fact.needed_in}" }}`',),
        )

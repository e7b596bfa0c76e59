"""What links the facts of a checkout: the table of all linkers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from megalint.config import Config
from megalint.formats.aws_answers import Inventory
from megalint.project import apps, deployments, literals
from megalint.project.checkout import Checkout
from megalint.project.failover import linker as failover
from megalint.project.launches import linker as launches
from megalint.project.launches import needs
from megalint.project.linked import Linker, Project
from megalint.project.live import linker as live
from megalint.project.nextjs import config as next_config
from megalint.project.nextjs import graph, middleware, parameters, reads, requests
from megalint.project.terraform import groups, placeholders
from megalint.project.terraform import linker as terraform
from megalint.project.versions import linker as versions
from megalint.source import Source

LINKERS: tuple[Linker, ...] = (
    apps.LINKER,
    deployments.LINKER,
    next_config.LINKER,
    next_config.ROUTES_LINKER,
    graph.LINKER,
    reads.LINKER,
    middleware.LINKER,
    parameters.LINKER,
    requests.LINKER,
    literals.LINKER,
    needs.LINKER,
    terraform.LINKER,
    groups.LINKER,
    placeholders.LINKER,
    launches.USER_DATA_LINKER,
    launches.LINKER,
    versions.LINKER,
    failover.MACHINES_LINKER,
    failover.LINKER,
    failover.TOPICS_LINKER,
    failover.CALLS_LINKER,
    failover.TABLES_LINKER,
    failover.TIME_LINKER,
    live.LINKER,
)


def link(
    sources: Iterable[Source],
    config: Config = Config(),
    paths: Iterable[PurePosixPath] = (),
    inventories: Sequence[Inventory] = (),
) -> Project:
    """Return the project made of *sources*, which need not be on disk.

    *paths* are files that were not read, and matter only by being there. *inventories* are what
    accounts hold.
    """
    return Project(Checkout(sources, paths), LINKERS, config, inventories)

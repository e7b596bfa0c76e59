"""Which paths a route answers, also when a path is known in part only."""

from __future__ import annotations

import pytest

from megalint.project.nextjs.routes import RouteFile
from trees import project_of

ROUTES = (
    "api/events/route.ts",
    "api/events/[id]/route.ts",
    "api/files/[...path]/route.ts",
    "api/opt/[[...rest]]/route.ts",
    "feed/@modal/(.)api/photo/page.tsx",
)


def answering(path: str) -> set[str]:
    project = project_of({f"app/{name}": "export {}" for name in ROUTES})
    return {file.route for file in project.each(RouteFile) if file.may_match(path)}


@pytest.mark.parametrize(
    ("path", "routes"),
    [
        ("/api/events", {"/api/events"}),
        ("/api/events/", {"/api/events"}),
        ("/api/events/7", {"/api/events/[id]"}),
        ("/api/events/7/seats", set()),
        ("/api/files", set()),
        ("/api/files/a/b", {"/api/files/[...path]"}),
        ("/api/opt", {"/api/opt/[[...rest]]"}),
        ("/api/opt/a/b", {"/api/opt/[[...rest]]"}),
        ("/api/optional", set()),
    ],
)
def test_known_path_is_answered_by(path: str, routes: set[str]) -> None:
    assert answering(path) == routes


@pytest.mark.parametrize(
    ("path", "routes"),
    [
        ("/api/events/*", {"/api/events/[id]"}),
        ("/api/events*", {"/api/events", "/api/events/[id]"}),
        ("/api/*/7", {"/api/events/[id]", "/api/files/[...path]", "/api/opt/[[...rest]]"}),
        ("/api/seats/*", set()),
        ("/api/seats*", set()),
        ("/api/files/*/meta", {"/api/files/[...path]"}),
        ("/api/ev*", {"/api/events", "/api/events/[id]"}),
    ],
)
def test_path_known_in_part_may_be_answered_by(path: str, routes: set[str]) -> None:
    assert answering(path) == routes


def test_intercepting_page_answers_no_request() -> None:
    assert answering("/feed/api/photo") == set()
    assert answering("/feed/*") == set()

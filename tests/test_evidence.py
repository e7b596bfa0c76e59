from __future__ import annotations

import pytest

from megalint import Project
from megalint.project.apps import App
from megalint.project.evidence import Level, describes_build, is_deployment_specific, weigh
from trees import project_of

IMAGE = "FROM node:20 AS build\nCOPY . .\nRUN npx next build\nFROM node:20\nCOPY --from=build /.next ./.next\n"


def level(files: dict[str, str], name: str, default: str | None = None) -> Level:
    project = project_of({"app/page.tsx": "", **files})
    (app,) = project.each(App)
    return weigh(project, app, name, default).level


@pytest.mark.parametrize(
    "name",
    [
        *(
            "NODE_ENV",
            "NEXT_RUNTIME",
            "NEXT_PHASE",
            "CI",
            "ANALYZE",
            "npm_package_name",
            "VERCEL_URL",
        ),
        *(
            "GIT_COMMIT_SHA",
            "COMMIT",
            "BUILD_ID",
            "SENTRY_AUTH_TOKEN",
            "NEXT_PUBLIC_VERCEL_ENV",
            "TEST",
        ),
    ],
)
def test_what_describes_the_build_is_never_a_defect(name: str) -> None:
    assert describes_build(name)
    assert level({"Dockerfile": f"{IMAGE}ENV {name}=1\n"}, name) is Level.NEVER


@pytest.mark.parametrize("name", ["TESTIMONIALS_URL", "COMMITTEE_HOST", "CIRCLE_URL", "NODE_HOST"])
def test_names_that_only_look_like_the_build_are_weighed(name: str) -> None:
    assert not describes_build(name)


@pytest.mark.parametrize(
    ("name", "default", "wanted"),
    [
        ("AWS_REGION", None, True),
        ("INTERNAL_API_URL", None, True),
        ("NEXT_PUBLIC_CDN_ORIGIN", None, True),
        ("ORDERS_TABLE", None, True),
        ("UPLOADS_BUCKET", None, True),
        ("ALERTS_TOPIC_ARN", None, True),
        ("API_PORT", None, True),
        ("SHOP", "https://shop.example.com", True),
        ("SHOP", "shop.internal.example:8080", True),
        ("SHOP", "10.0.0.12", True),
        ("SHOP", "ap-northeast-2", True),
        ("SHOP", "1.2.3", False),
        ("SHOP", "plain text", False),
        ("PORTRAIT_STYLE", None, False),
        ("NEXT_PUBLIC_ENABLE_PROXY", None, False),
        ("PAGE_SIZE", "20", False),
    ],
)
def test_value_differs_between_deployments(name: str, default: str | None, wanted: bool) -> None:
    assert is_deployment_specific(name, default) is wanted


def test_value_given_after_the_build_contradicts_even_a_flag() -> None:
    files = {"Dockerfile": f"{IMAGE}ENV NEXT_PUBLIC_ENABLE_CART=1\nENV API_URL=http://a\n"}

    assert level(files, "API_URL") is Level.CONTRADICTED
    assert level(files, "NEXT_PUBLIC_ENABLE_CART") is Level.CONTRADICTED


def test_evidence_names_the_place() -> None:
    project: Project = project_of({"app/page.tsx": "", "Dockerfile": f"{IMAGE}ENV API_URL=x\n"})
    (app,) = project.each(App)

    found = weigh(project, app, "API_URL")

    assert (found.location and found.location.line, "Dockerfile:6" in found.words) == (6, True)


def test_value_of_the_build_itself_is_no_contradiction() -> None:
    both = IMAGE.replace("RUN", "ENV API_URL=http://a\nRUN") + "ENV API_URL=http://a\n"

    assert level({"Dockerfile": both}, "API_URL") is Level.SELF_HOSTED
    assert level({"Dockerfile": both + "ENV API_URL=http://b\n"}, "API_URL") is Level.CONTRADICTED


@pytest.mark.parametrize("value", ["API_URL_PLACEHOLDER", "http://placeholder", "__API_URL__"])
def test_token_that_a_script_replaces_is_left_alone(value: str) -> None:
    text = IMAGE.replace("RUN", f"ENV API_URL={value}\nRUN") + "ENV API_URL=http://b\n"

    assert level({"Dockerfile": text}, "API_URL") is Level.NEVER


def test_argument_of_the_same_name_is_no_token() -> None:
    text = IMAGE.replace("RUN", "ARG API_URL\nENV API_URL=$API_URL\nRUN") + "ENV API_URL=http://b\n"

    assert level({"Dockerfile": text}, "API_URL") is Level.CONTRADICTED


@pytest.mark.parametrize(
    ("files", "name", "wanted"),
    [
        ({"Dockerfile": IMAGE}, "API_URL", Level.SELF_HOSTED),
        ({"Dockerfile": IMAGE}, "TITLE", Level.NEITHER),
        ({"Dockerfile": IMAGE}, "FEATURE_CART", Level.NEVER),
        ({}, "API_URL", Level.NEITHER),
    ],
)
def test_image_makes_deployment_specific_values_suspect(
    files: dict[str, str], name: str, wanted: Level
) -> None:
    assert level(files, name) is wanted

"""Topics that somebody is asked for approval through."""

from __future__ import annotations

from collections.abc import Iterator

from megalint.formats.states_language import Part
from megalint.project.failover.facts import Machine, Topic
from megalint.project.linked import Project
from megalint.project.resources import resources


def topics(project: Project) -> Iterator[Topic]:
    """Yield the topics, those without subscriptions, too."""
    asked = [
        (state.topic, state.location)
        for machine in project.each(Machine)
        for state in machine.states.values()
        if state.is_callback and state.topic is not None
    ]
    subscribed = list(_subscriptions(project))
    for one in resources(project.checkout, "aws_sns_topic", "AWS::SNS::Topic"):
        own = one.properties.get("Subscription")
        protocols = [held.get("Protocol") for held in (() if own is None else own.items)]
        protocols += [protocol for key, protocol in subscribed if key in {one.key, None}]
        texts = tuple(None if held is None else held.text for held in protocols)
        places = tuple(place for key, place in asked if key == one.key)
        yield Topic(one.address, one.key, one.location, texts, places)


def _subscriptions(project: Project) -> Iterator[tuple[str | None, Part | None]]:
    """Yield the topic of each subscription, None where it is not known, and its protocol."""
    for kind, topic, protocol in (
        ("aws_sns_topic_subscription", "topic_arn", "protocol"),
        ("AWS::SNS::Subscription", "TopicArn", "Protocol"),
    ):
        for one in resources(project.checkout, kind):
            held = one.properties.get(topic)
            key = None if held is None else held.reference
            yield key, one.properties.get(protocol)

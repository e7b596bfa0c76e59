"""JUnit XML, as Jenkins, GitLab and others read it: one suite for each file, one case a finding.

Jenkins' xUnit plugin passes over a report with an attribute that its ``junit-10.xsd`` does not
name, so a case has no ``file`` and no ``line``: its class is the file, its name holds the place.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from megalint.finding import Finding
from megalint.output.plain import printable
from megalint.output.rendering import Style
from megalint.output.text import details
from megalint.report import Problem, Report


def render(report: Report, _: Style) -> str:
    """Return the report as XML.

    What fails the run is a failure, what does not is a case that passed and says what was found;
    what megalint could not look at is an error. A clean run is one case that passed: some readers
    refuse a report without any.
    """
    suites = Element("testsuites", name="megalint")
    for path, findings in _by_path(report):
        suite = _suite(suites, path)
        suite.set("file", printable(path))
        for finding in findings:
            _case(suite, finding, fails=report.is_failing(finding))
    if report.problems:
        suite = _suite(suites, "not checked")
        for problem in report.problems:
            _problem(suite, problem)
    if not len(suites):
        SubElement(_suite(suites, "megalint"), "testcase", name="no findings", classname="megalint")
    for suite in suites:
        _count(suite)
        suite.set("skipped", str(len(suite.findall(".//skipped"))))
    _count(suites)
    indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(suites, encoding="unicode")}\n'


def _by_path(report: Report) -> Iterator[tuple[str, list[Finding]]]:
    found: dict[str, list[Finding]] = {}
    for one in report.findings:
        found.setdefault(str(one.location.source.path), []).append(one)
    yield from found.items()


def _suite(suites: Element, name: str) -> Element:
    return SubElement(suites, "testsuite", name=printable(name))


def _case(suite: Element, finding: Finding, *, fails: bool) -> None:
    line, column = finding.location.source.line_column(finding.location.span.start)
    case = SubElement(
        suite,
        "testcase",
        name=f"{finding.rule_id} {line}:{column}",
        classname=printable(str(finding.location.source.path)),
    )
    message = printable(finding.message)
    text = "\n".join((f"{finding.severity.name.lower()}: {message}", *details(finding)))
    if fails:
        level = finding.severity.name.lower()
        SubElement(case, "failure", message=message, type=level).text = text
    else:
        SubElement(case, "system-out").text = text


def _problem(suite: Element, problem: Problem) -> None:
    case = SubElement(
        suite, "testcase", name=printable(str(problem)), classname=printable(problem.path)
    )
    if problem.is_internal or problem.is_unanswered:
        SubElement(case, "error", message=printable(problem.message), type="not checked")
    else:
        SubElement(case, "skipped", message=printable(problem.message))


def _count(suite: Element) -> None:
    """Write how many cases there are below, and how many went wrong."""
    suite.set("tests", str(len(suite.findall(".//testcase"))))
    suite.set("failures", str(len(suite.findall(".//failure"))))
    suite.set("errors", str(len(suite.findall(".//error"))))

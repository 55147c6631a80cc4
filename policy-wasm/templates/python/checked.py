"""Findings held to the contract: a mistake is named by its field, before it becomes a crash."""

from typing import Any

from wit_world.imports.types import (
    Finding,
    Severity,
    Subject_FeatureFlag,
    Subject_Instance,
    Subject_Service,
)

SUBJECTS = (Subject_Service, Subject_Instance, Subject_FeatureFlag)


def checked(findings: Any) -> list[Finding]:
    """The findings, if each of them is one."""
    if not isinstance(findings, list):
        raise TypeError(f"the findings are {findings!r}: expected a list, empty for a yes")
    for place, finding in enumerate(findings):
        for field, problem in problems(finding):
            raise TypeError(f"finding {place}, {field}: {problem}")
    return findings


def problems(finding: Any):
    if not isinstance(finding, Finding):
        yield "itself", f"it is {finding!r}: expected a Finding"
        return
    if not isinstance(finding.severity, Severity):
        yield "severity", f"it is {finding.severity!r}: expected one such as Severity.DENY"
    for field in ("code", "message"):
        value = getattr(finding, field)
        if not isinstance(value, str):
            yield field, f"it is {value!r}: expected a text"
    if not isinstance(finding.subjects, list):
        yield "subjects", f"it is {finding.subjects!r}: expected a list, which may be empty"
        return
    for place, subject in enumerate(finding.subjects):
        field = f"subjects[{place}]"
        if not isinstance(subject, SUBJECTS):
            yield field, f'it is {subject!r}: expected one such as Subject_Service("tax")'
        elif not isinstance(subject.value, str):
            yield field, f"its value is {subject.value!r}: expected a text"
    if finding.hint is not None and not isinstance(finding.hint, str):
        yield "hint", f"it is {finding.hint!r}: expected a text, or None"

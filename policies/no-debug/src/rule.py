"""The rule: no container of production has a value that is for debugging.

The value may come from anywhere: the manifest, a ConfigMap, the stage's variable set. What nobody
knows (a Secret, a ConfigMap that the set lacks) is undecided, for silence is no yes.
"""

from collections.abc import Iterator

from settings import Settings
from wit_world.exports.promotion import Question
from wit_world.imports import environment
from wit_world.imports.environment import (
    Entry,
    Source_ConfigMap,
    Source_Secret,
    Source_Variable,
    Variables,
)
from wit_world.imports.types import Finding, Severity, Subject_Instance


def judge(question: Question, settings: Settings) -> list[Finding]:
    if not any(stage.name in settings.stages for stage in question.ladder):
        return [
            Finding(
                severity=Severity.UNDECIDED,
                code="stage-unknown",
                message=f"no stage of the ladder is {' or '.join(settings.stages)}",
                subjects=[],
                hint="name the stages that are production in the setting stages",
            )
        ]
    if question.target.name not in settings.stages:
        return []
    known = environment.all()
    if known is None:
        return [
            Finding(
                severity=Severity.UNDECIDED,
                code="environment-unknown",
                message="nobody knows the environment that pods will have",
                subjects=[],
                hint="ask again with a plugin that tells it",
            )
        ]
    return [
        finding
        for one in known
        for name, values in sorted(settings.forbidden.items())
        for finding in of_instance(one.instance, one.variables, name, values)
    ]


def of_instance(
    instance: str, variables: Variables, name: str, values: list[str]
) -> Iterator[Finding]:
    for entry in variables.entries:
        if entry.name != name:
            continue
        where = f"container {entry.container} of {instance}"
        if entry.value is None:
            message = f"{where}: nobody knows {name}, from {source(entry)}: {entry.unknown}"
            yield finding(Severity.UNDECIDED, "value-unknown", message, instance, None)
        elif entry.value in values:
            message = f"{where} would have {name}={entry.value}, from {source(entry)}"
            hint = "change it there, or let it be a variable of the stage"
            yield finding(Severity.DENY, "debug-in-production", message, instance, hint)
    for hidden in variables.hidden:
        if name.startswith(hidden.prefix):
            message = f"container {hidden.container} of {instance}: {hidden.object} may have {name}"
            hint = "name the keys that the container needs, instead of taking all"
            yield finding(Severity.UNDECIDED, "value-hidden", message, instance, hint)


def source(entry: Entry) -> str:
    match entry.source:
        case Source_Variable(name):
            return f"the variable {name}"
        case Source_ConfigMap(key):
            return f"ConfigMap {key.object}"
        case Source_Secret(key):
            return f"Secret {key.object}"
        case _:
            return "its manifest"


def finding(
    severity: Severity, code: str, message: str, instance: str, hint: str | None
) -> Finding:
    subjects = [Subject_Instance(instance)]
    return Finding(severity=severity, code=code, message=message, subjects=subjects, hint=hint)

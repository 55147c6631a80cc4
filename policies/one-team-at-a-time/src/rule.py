"""The rule: no deploy changes two services of one team."""

from collections import defaultdict
from collections.abc import Iterable

from settings import Settings
from wit_world.exports.compatibility import Question
from wit_world.imports.types import (
    Finding,
    Instance,
    Severity,
    Subject_Instance,
    Subject_Service,
)

# A message names no more than these; the subjects name all.
NAMED = 5


def judge(question: Question, settings: Settings) -> list[Finding]:
    changing = workloads_that_change(question)
    if len({instance.service for instance in changing.values()}) < 2:
        return []
    teams: dict[str, set[str]] = defaultdict(set)
    teamless = []
    for key, instance in changing.items():
        team = label(instance, settings.label)
        if team:
            teams[team].add(instance.service)
        else:
            teamless.append(key)
    findings = [
        at_once(team, too_many)
        for team, services in sorted(teams.items())
        if (too_many := not_allowed(services, settings.together))
    ]
    if teamless:
        findings.append(without_team(teamless, settings))
    return findings


def workloads_that_change(question: Question) -> dict[str, Instance]:
    """By key, in the candidate's order. Flags are not workloads."""
    keys = {
        change.subject.value
        for change in question.changes
        if isinstance(change.subject, Subject_Instance)
    }
    found = {}
    # What is removed is only in what runs, so the candidate goes second.
    for snapshot in filter(None, (question.running, question.candidate)):
        for instance in snapshot.instances:
            key = f"{instance.service}/{instance.name}"
            if key in keys:
                found[key] = instance
    return dict(sorted(found.items()))


def label(instance: Instance, key: str) -> str | None:
    return next((entry.value for entry in instance.labels if entry.key == key), None)


def not_allowed(services: set[str], together: set[tuple[str, str]]) -> list[str]:
    """Those that change beside one that they may not change with."""
    partners: dict[str, int] = defaultdict(int)
    for one, other in together:
        if one != other and one in services and other in services:
            partners[one] += 1
    return sorted(service for service in services if partners[service] < len(services) - 1)


def at_once(team: str, services: list[str]) -> Finding:
    return Finding(
        severity=Severity.DENY,
        code="team-changes-at-once",
        message=f"team {team} changes {names(services)} in one deploy",
        subjects=[Subject_Service(service) for service in services],
        hint="deploy one after the other, or name the pair in the setting together",
    )


def without_team(keys: list[str], settings: Settings) -> Finding:
    verb = "changes, and has" if len(keys) == 1 else "change, and have"
    return Finding(
        severity=settings.without_team,
        code="no-team",
        message=f"{names(keys)} {verb} no label {settings.label} to tell the team",
        subjects=[Subject_Instance(key) for key in keys],
        hint=f"give each workload the label {settings.label}",
    )


def names(of: Iterable[str]) -> str:
    """`cart`, `cart and tax`, `cart, pricing and tax`, `a, b, c, d, e and 7 more`."""
    shown = list(of)
    if len(shown) > NAMED:
        shown[NAMED:] = [f"{len(shown) - NAMED} more"]
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))

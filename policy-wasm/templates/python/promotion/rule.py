"""The rule: somebody other than the one who asks approved it."""

import json
from dataclasses import dataclass

from wit_world.exports.promotion import Outcome, Question
from wit_world.imports.types import Finding, Severity

SETTINGS_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "approvals": {
            "description": "How many people have to approve, other than the one who asks.",
            "type": "integer",
            "minimum": 0,
            "default": 1,
        },
    },
}


@dataclass
class Settings:
    approvals: int


def read_settings(text: str) -> Settings:
    settings = json.loads(text)
    approvals = settings.pop("approvals", 1)
    if not isinstance(approvals, int):
        raise ValueError("approvals is not a whole number")
    # A key that is mistyped is an error, rather than a setting without effect.
    if settings:
        raise ValueError(f"unknown: {', '.join(settings)}")
    return Settings(approvals)


def judge(question: Question, settings: Settings) -> list[Finding]:
    """A finding where too few others approved."""
    stage, asks = question.target.name, question.actor.name
    newest = {}
    # Of what one person says the newest counts; of two words at once the refusal.
    for evidence in sorted(question.evidence, key=lambda it: (it.at, it.outcome != Outcome.PASSED)):
        # Evidence without a stage holds for all of them.
        if evidence.kind == "approval" and evidence.stage in (None, stage):
            newest[evidence.actor] = evidence.outcome
    approvers = {actor for actor, outcome in newest.items() if outcome == Outcome.PASSED} - {asks}
    if len(approvers) >= settings.approvals:
        return []
    return [
        Finding(
            severity=Severity.DENY,
            code="not-approved",
            message=f"{stage} needs approvals by others than {asks}: "
            f"{len(approvers)} of {settings.approvals}",
            subjects=[],
            hint="have somebody else approve it",
        )
    ]

"""What an operator may set."""

import json
from dataclasses import dataclass

from wit_world.imports.types import Severity

SEVERITIES = {
    "undecided": Severity.UNDECIDED,
    "warn": Severity.WARNING,
    "deny": Severity.DENY,
}

SCHEMA = json.dumps(
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of one-team-at-a-time",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "label": {
                "description": "The label that names a workload's team.",
                "type": "string",
                "minLength": 1,
                "default": "team",
            },
            "together": {
                "description": "Pairs of services that may change together.",
                "type": "array",
                "items": {
                    "type": "array",
                    "items": {"type": "string"},
                    "minItems": 2,
                    "maxItems": 2,
                },
                "default": [],
            },
            "without-team": {
                "description": "What it means that a workload that changes has no team.",
                "enum": list(SEVERITIES),
                "default": "undecided",
            },
        },
    }
)


@dataclass
class Settings:
    label: str
    # Both directions of each pair.
    together: set[tuple[str, str]]
    without_team: Severity


def read(text: str) -> Settings:
    given = json.loads(text)
    if not isinstance(given, dict):
        raise ValueError("they are not an object")
    label = given.pop("label", "team")
    if not isinstance(label, str) or not label:
        raise ValueError("label is not the name of a label")
    without_team = given.pop("without-team", "undecided")
    if not isinstance(without_team, str) or without_team not in SEVERITIES:
        raise ValueError(f"without-team is none of {', '.join(SEVERITIES)}")
    pairs = given.pop("together", [])
    if not isinstance(pairs, list):
        raise ValueError("together is not a list of pairs")
    together = set()
    for pair in pairs:
        match pair:
            case [str(one), str(other)]:
                together |= {(one, other), (other, one)}
            case _:
                raise ValueError(f"{json.dumps(pair)} in together is not a pair of services")
    if given:
        raise ValueError(f"unknown: {', '.join(given)}")
    return Settings(label, together, SEVERITIES[without_team])

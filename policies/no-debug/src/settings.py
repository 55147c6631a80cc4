"""What an operator may set."""

import json
from dataclasses import dataclass

SCHEMA = json.dumps(
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of no-debug",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "stages": {
                "description": "The stages that are production.",
                "type": "array",
                "items": {"type": "string"},
                "default": ["prod"],
            },
            "forbidden": {
                "description": "Names of variables, each with the values that are for debugging.",
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
                "default": {"LOG_LEVEL": ["debug", "trace"]},
            },
        },
    }
)


@dataclass
class Settings:
    stages: list[str]
    forbidden: dict[str, list[str]]


def read(text: str) -> Settings:
    given = json.loads(text)
    stages = given.pop("stages", ["prod"])
    forbidden = given.pop("forbidden", {"LOG_LEVEL": ["debug", "trace"]})
    if given:
        raise ValueError(f"unknown: {', '.join(given)}")
    return Settings(stages, forbidden)

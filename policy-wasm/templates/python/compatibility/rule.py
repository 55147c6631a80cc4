"""The rule: no container runs a tag that moves."""

import json
from dataclasses import dataclass

from wit_world.exports.compatibility import Question
from wit_world.imports.types import Finding, Severity, Subject_Instance

SETTINGS_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "tags": {
            "description": "The tags that move.",
            "type": "array",
            "items": {"type": "string"},
            "default": ["latest", "main", "master", "edge"],
        },
    },
}


@dataclass
class Settings:
    tags: set[str]


def read_settings(text: str) -> Settings:
    settings = json.loads(text)
    tags = settings.pop("tags", ["latest", "main", "master", "edge"])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise ValueError("tags is not a list of texts")
    # A key that is mistyped is an error, rather than a setting without effect.
    if settings:
        raise ValueError(f"unknown: {', '.join(settings)}")
    return Settings(tags=set(tags))


def judge(question: Question, settings: Settings) -> list[Finding]:
    """One finding for each container whose tag moves."""
    findings = []
    for instance in question.candidate.instances:
        for container in instance.containers:
            # A digest pins the image, whatever the tag says. No tag means latest.
            tag = container.tag or "latest"
            if container.digest or tag not in settings.tags:
                continue
            key = f"{instance.service}/{instance.name}"
            findings.append(
                Finding(
                    severity=Severity.DENY,
                    code="moving-tag",
                    message=f"{key} runs {container.image}:{tag}, a tag that moves",
                    subjects=[Subject_Instance(key)],
                    hint="name the version that was tested",
                )
            )
    return findings

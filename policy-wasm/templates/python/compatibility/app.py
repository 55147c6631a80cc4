"""What kubectl snapshot calls: who this policy is, and what it decides.

The rule itself is in rule.py; that is the file to change.
"""

import json

import rule
from checked import checked
from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.about import Description
from wit_world.exports.compatibility import Question
from wit_world.imports.types import Finding


class About(exports.About):
    def describe(self) -> Description:
        return Description(
            name="{{name}}",
            version="0.1.0",
            summary="No container runs a tag that moves.",
            settings_schema=json.dumps(rule.SETTINGS_SCHEMA),
        )


class Compatibility(exports.Compatibility):
    def check(self, question: Question) -> list[Finding]:
        try:
            settings = rule.read_settings(question.settings)
        except ValueError as error:
            # Err means: this cannot be judged at all. Any other exception is a crash.
            raise Err(f"the settings are not what this policy takes: {error}")
        return checked(rule.judge(question, settings))

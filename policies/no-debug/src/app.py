"""What kubectl snapshot calls: who this policy is, and what it decides."""

import rule
import settings
from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.about import Description
from wit_world.exports.promotion import Question
from wit_world.imports.types import Finding


class About(exports.About):
    def describe(self) -> Description:
        return Description(
            name="no-debug",
            version="0.1.0",
            summary="No container of production has a value that is for debugging.",
            settings_schema=settings.SCHEMA,
        )


class Promotion(exports.Promotion):
    def review(self, question: Question) -> list[Finding]:
        try:
            chosen = settings.read(question.settings)
        except ValueError as error:
            raise Err(f"the settings are not what this policy takes: {error}")
        return rule.judge(question, chosen)

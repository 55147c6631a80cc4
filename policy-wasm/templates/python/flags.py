"""Whether a flag is on: for everybody, or for some by its targeting rules.

Looked up, so `wit/world.wit` has to say `import flag-states;`.
"""

from wit_world.imports import flag_states
from wit_world.imports.flag_states import State
from wit_world.imports.types import FeatureFlag


def is_on(flag: FeatureFlag) -> bool:
    """True if the flag is on for everybody, and known to be."""
    known = flag_states.of_flag(flag.key)
    return known is not None and known.state == State.ON


def may_be_on(flag: FeatureFlag) -> bool:
    """True unless the flag is off for everybody, and known to be."""
    known = flag_states.of_flag(flag.key)
    return flag.enabled and (known is None or known.state != State.OFF)

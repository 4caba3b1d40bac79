"""Which messages nobody but their recipients learns of: that they were sent would tell what they are about."""

_discreet: set[str] = set()


def keep_discreet(rule: str) -> None:
    _discreet.add(rule)


def discreet_rules() -> list[str]:
    return sorted(_discreet)

"""The one exception of this package: something that can't start, said in one line for a person."""


class StartError(Exception):
    """Carries one clear line: what failed and what to do. Commands print it and exit with 1."""


def last_line(text: str) -> str:
    """The line of a program's output that says why it failed: its last error, else its last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if any(word in line for word in ("FATAL:", "PANIC:", "rror:"))]
    return (telling or lines or ["it said nothing"])[-1]

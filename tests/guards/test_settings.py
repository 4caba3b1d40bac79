"""Every setting that the program reads stands in `.env.example`, and nothing else does."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Read by the embedded servers, before there are settings.
OF_THE_SERVERS = {"DATA_DIR", "EMBEDDED_PG_BIN", "PORT"}


def read_by_settings(text: str) -> set[str]:
    return set(re.findall(r'\bread\(\s*"([A-Z_]+)"', text))


def listed(text: str) -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", text, flags=re.MULTILINE))


def test_each_setting_is_listed_and_each_listed_one_is_read():
    read = read_by_settings((ROOT / "mentorship" / "settings.py").read_text())
    assert listed((ROOT / ".env.example").read_text()) == read | OF_THE_SERVERS


def test_what_the_servers_read_is_what_is_said_here():
    text = "".join(path.read_text() for path in (ROOT / "servers").glob("*.py"))
    assert {name for name in OF_THE_SERVERS if f'"{name}"' in text} == OF_THE_SERVERS


def test_control_a_setting_that_nobody_listed_is_found():
    assert read_by_settings('NEW = read("NEW_SETTING", str)') - listed("OLD_SETTING=1") == {"NEW_SETTING"}

"""The house itself: layers that import-linter can't see, migrations, translations, retention, and what is named."""

import ast
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from mentorship.common import translations
from mentorship.records import retention

ROOT = Path(__file__).resolve().parents[2]
OURS = ("mentorship", "matching", "surveys", "servers")


def layers() -> list[list[str]]:
    """The layers of pyproject.toml, the uppermost first; each is a list of siblings."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (contract,) = [contract for contract in contracts if contract["type"] == "layers"]
    return [[name.strip() for name in layer.split("|")] for layer in contract["layers"]]


def height(module: str, order: list[list[str]]) -> int | None:
    """How far down a module's layer is, 0 at the top; None where no layer has it."""
    for depth, siblings in enumerate(order):
        if any(module == name or module.startswith(f"{name}.") for name in siblings):
            return depth
    return None


def breaches(links: list[tuple[str, str]], order: list[list[str]]) -> list[str]:
    """Which (from, to) links go up or sideways, but for those to the user model, which anybody may have."""
    found = []
    for source, target in links:
        if target == "mentorship.people.User":
            continue
        above, below = height(source, order), height(target, order)
        same = source.rpartition(".")[0] == target.rpartition(".")[0]
        if above is None or below is None or (not same and below <= above):
            found.append(f"{source} -> {target}")
    return found


def relations() -> list[tuple[str, str]]:
    """Every relation between our models, however it was written."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        package = apps.get_app_config(model._meta.app_label).name
        if not package.startswith(OURS):
            continue
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model is not None:
                target = apps.get_app_config(field.related_model._meta.app_label).name
                if target.startswith(OURS):
                    found.append((f"{package}.{model.__name__}", f"{target}.{field.related_model.__name__}"))
    return found


def test_no_model_refers_to_an_upper_layer():
    assert breaches(relations(), layers()) == []


def test_control_a_relation_upwards_is_found():
    link = ("mentorship.people.Profile", "mentorship.seasons.Season")
    assert breaches([link], layers()) == ["mentorship.people.Profile -> mentorship.seasons.Season"]


def test_control_a_relation_to_a_sibling_is_found():
    assert breaches([("matching.MatchRun", "surveys.Wave")], layers()) == ["matching.MatchRun -> surveys.Wave"]


def test_no_migration_depends_on_an_upper_layer():
    graph = MigrationLoader(None, ignore_no_migrations=True)
    labels = {config.label: config.name for config in apps.get_app_configs() if config.name.startswith(OURS)}
    links = [
        (f"{labels[label]}.m", f"{labels[needed]}.m")
        for (label, _name), migration in graph.disk_migrations.items()
        for needed, _other in migration.dependencies
        if label in labels and needed in labels and needed != "people"
    ]
    assert breaches(links, layers()) == []


def packages() -> set[str]:
    """Every top-level package of ours, and those of `mentorship`, which is a street of its own."""
    street = {f"mentorship.{path.parent.name}" for path in (ROOT / "mentorship").glob("*/__init__.py")}
    return street | {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"mentorship", "tests"}


def unnamed(names: set[str]) -> list[str]:
    contracts = (ROOT / "pyproject.toml").read_text()
    named = {
        name for name in names if f'"{name}"' in contracts or f"{name} |" in contracts or f"| {name}" in contracts
    }
    return sorted(names - named)


def test_every_package_is_named_in_a_contract():
    assert unnamed(packages()) == []


def test_control_a_new_package_is_missed():
    assert unnamed({*packages(), "mentorship.gossip"}) == ["mentorship.gossip"]


def test_the_package_of_everything_is_empty():
    assert (ROOT / "mentorship" / "__init__.py").read_text() == ""


def imports_of(path: Path) -> set[str]:
    """Every module that a file imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def readers_of_identity(folder: Path) -> list[str]:
    """The files below `folder` that import IdentityAnswer, outside of the two packages that may."""
    allowed = (folder / "mentorship" / "applications", folder / "matching" / "snapshot.py")
    return sorted(
        str(path.relative_to(folder))
        for name in OURS
        for path in (folder / name).rglob("*.py")
        if any(name.endswith(".IdentityAnswer") for name in imports_of(path))
        and not any(path.is_relative_to(place) for place in allowed)
    )


def test_identity_answers_are_read_in_two_places_alone():
    # The demo writes invented answers; it is refused in a real installation.
    assert readers_of_identity(ROOT) == ["mentorship/portal/demo/applicants.py"]


def test_control_another_reader_of_identity_is_found(tmp_path):
    (tmp_path / "mentorship" / "reports").mkdir(parents=True)
    (tmp_path / "mentorship" / "reports" / "views.py").write_text(
        "def peek():\n    from mentorship.applications.models import IdentityAnswer\n"
    )
    assert readers_of_identity(tmp_path) == ["mentorship/reports/views.py"]


def states_that_know_django(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for name in OURS
        for path in (folder / name).rglob("states.py")
        if any(module.startswith("django") for module in imports_of(path))
    )


def test_state_tables_know_no_django():
    assert states_that_know_django(ROOT) == []


def test_control_a_state_table_that_imports_django_is_found(tmp_path):
    (tmp_path / "matching").mkdir()
    (tmp_path / "matching" / "states.py").write_text("from django.db import models\n")
    assert states_that_know_django(tmp_path) == ["matching/states.py"]


@pytest.mark.django_db
def test_no_model_waits_for_a_migration():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db
def test_control_a_changed_model_is_noticed():
    from mentorship.people.models import Absence

    field = Absence._meta.get_field("first_day")
    null, field.null = field.null, True
    try:
        with pytest.raises(SystemExit):
            call_command("makemigrations", "--check", "--dry-run", verbosity=0)
    finally:
        field.null = null


def test_every_string_is_there_in_spanish():
    assert translations.problems("es") == []


def test_control_a_string_without_translation_is_found(monkeypatch):
    used = translations.used_messages()
    monkeypatch.setattr(translations, "used_messages", lambda: {**used, (None, "A new string"): ["some/page.html"]})
    assert translations.problems("es") == ["untranslated in some/page.html: A new string"]


def test_control_a_lost_placeholder_is_found(monkeypatch):
    catalog = translations.read("es")
    catalog.add("Hello %(name)s", "Hola", flags=["python-format"])
    monkeypatch.setattr(translations, "read", lambda language: catalog)
    used = translations.used_messages()
    monkeypatch.setattr(translations, "used_messages", lambda: {**used, (None, "Hello %(name)s"): ["some/page.html"]})
    assert "other placeholders in some/page.html: Hello %(name)s" in translations.problems("es")


def test_every_kept_field_says_why_how_long_and_who_sees_it():
    assert retention.missing() == []


def test_settings_pass_the_deployment_check():
    """As a real installation has them: https, no demo."""
    import os
    import subprocess
    import sys

    environment = {
        **os.environ,
        "DEMO": "false",
        "PUBLIC_URL": "https://mentorship.library.example",
        "SECRET_KEY": "kf83hfHH2kd0-2jdK3jdl2kdmN4jdk3ndk4jd9d83jDj3-Qq7Rw2Lm0x",
        "EMAIL_URL": "smtp://127.0.0.1:25",
    }
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced)."), (
        done.stderr
    )

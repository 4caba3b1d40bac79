"""Names the package to Django and lends the admin its audit trail."""

from typing import Any

from django.apps import AppConfig
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentorship.common.registries import registries


class RecordsConfig(AppConfig):
    name = "mentorship.records"
    verbose_name = _("Records")

    def ready(self) -> None:
        from mentorship.records import audit, notes

        def write(by: Any, verb: str, targets: list[Any]) -> None:
            audit.record_many(by=by, verb=verb, targets=targets, now=timezone.now())

        registries.audit = write
        notes.register_all()

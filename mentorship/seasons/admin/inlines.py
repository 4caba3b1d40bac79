"""The rules of a season, edited on its page."""

from typing import Any

from mentorship.common.admin_site import CoordinatorsInline
from mentorship.seasons.forms import EligibilityRuleForm
from mentorship.seasons.models import EligibilityRule


class EligibilityRuleInline(CoordinatorsInline):
    model = EligibilityRule
    form = EligibilityRuleForm
    extra = 1
    fields = ("role", "kind", "value", "wording_en", "wording_es", "order")

    def is_open(self, obj: Any) -> bool:
        return obj.archived_at is None

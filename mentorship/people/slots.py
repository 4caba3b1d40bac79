"""The week as a table of boxes, one for each part of each day: how profiles and applications ask for times."""

from typing import Any

from django import forms

from mentorship.people.meeting import DAYS, PARTS


class SlotGrid(forms.CheckboxSelectMultiple):
    """Boxes for `people.meeting.SLOTS`; a page shows the whole field with `components/slots.html`."""

    template_name = "components/slot_grid.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = {str(item) for item in value or []}
        first = context["widget"]["attrs"].get("id", "")
        context["parts"] = list(PARTS.values())
        context["days"] = [
            {
                "words": day_words,
                "slots": [
                    {
                        "value": f"{day}-{part}",
                        "part": part_words,
                        "id": f"{first}_{row * len(PARTS) + column}",
                        "checked": f"{day}-{part}" in chosen,
                    }
                    for column, (part, part_words) in enumerate(PARTS.items())
                ],
            }
            for row, (day, day_words) in enumerate(DAYS.items())
        ]
        return context

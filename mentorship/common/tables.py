"""What a table needs to be read on a phone: each cell knows its column's heading and its role.

Stacked rows are laid out as blocks, for which browsers forget what a table is; explicit roles keep it one for screen
readers.
"""

import re
from html import escape, unescape

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

TAG = re.compile(r"<(/?)(thead|tbody|tfoot|tr|th|td)\b([^>]*)>")
COLSPAN = re.compile(r'\bcolspan="(\d+)"')
ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tfoot": "rowgroup", "tr": "row", "td": "cell"}


def stackable(content: str) -> SafeString:
    """Return the thead and tbody of a table with roles, and with the heading of each cell's column in `data-label`.

    Autoescaped attributes hold no ">", and a table has none inside it: so tags can be found by their shape.
    """
    parts: list[str] = []
    headings: list[str] = []
    in_head, column, end, cell_from = False, 0, 0, 0
    for tag in TAG.finditer(content):
        closing, name, attributes = tag.groups()
        parts.append(content[end : tag.start()])
        end = tag.end()
        if name == "thead":
            in_head = not closing
        if name == "tr":
            column = 0
        span = int(found[1]) if (found := COLSPAN.search(attributes)) else 1
        if closing:
            if in_head and name in {"th", "td"}:
                headings[-1] = " ".join(unescape(strip_tags(content[cell_from : tag.start()])).split())
            parts.append(tag.group())
            continue
        added = f' role="{_role(name, in_head)}"'
        if name in {"th", "td"}:
            cell_from = end
            if in_head:
                headings += [""] * span
            else:
                if name == "td" and span == 1 and column < len(headings) and headings[column]:
                    added += f' data-label="{escape(headings[column])}"'
                column += span
        parts.append(f"<{name}{added}{attributes}>")
    parts.append(content[end:])
    return mark_safe("".join(parts))


def _role(name: str, in_head: bool) -> str:
    if name == "th":
        return "columnheader" if in_head else "rowheader"
    return ROLES[name]

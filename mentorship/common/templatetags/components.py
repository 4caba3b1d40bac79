"""The component tags: every page is put together from these and from nothing else.

Each tag renders one template in `templates/components/`; docs/components.md shows how to call them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import (
    BaseForm,
    BaseFormSet,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    MultiWidget,
    RadioSelect,
    Select,
)
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from mentorship.common.tables import stackable

register = template.Library()

STATUS_KINDS = frozenset({"good", "attention", "trouble", "neutral"})
NOTICE_KINDS = STATUS_KINDS
BUTTON_KINDS = {"main": "btn-main", "other": "btn-other", "trouble": "btn-trouble", "quiet": "btn-quiet"}
COLUMNS = frozenset({"3-2", "5-4", "5-4-tall", "2", "3"})


def _known(value: str, known: Iterable[str]) -> str:
    """Return `value`, or raise TemplateSyntaxError: a misspelt kind must not pass as an unstyled one."""
    if value not in known:
        raise template.TemplateSyntaxError(f"“{value}” is none of {', '.join(sorted(known))}")
    return value


def _block(name: str, content: str, **values: Any) -> SafeString:
    return render_to_string(f"components/{name}.html", {"content": content, **values})


# --- the frame of a page ---


@register.inclusion_tag("components/ribbon.html")
def ribbon(season_ribbon: Any) -> dict[str, Any]:
    """The season's six steps; nothing where there is no season."""
    return {"ribbon": season_ribbon}


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*parts: Any) -> dict[str, Any]:
    """Label and address in turn; a last label without an address is the page itself."""
    pairs = [(parts[i], parts[i + 1] if i + 1 < len(parts) else "") for i in range(0, len(parts), 2)]
    return {"crumbs": pairs}


@register.inclusion_tag("components/heading.html")
def heading(title: str, lead: str = "", status: str = "", kind: str = "neutral") -> dict[str, Any]:
    """The page's only h1: a sentence with the figures in it, and at most one line below."""
    return {"title": title, "lead": lead, "status": status, "kind": _known(kind, STATUS_KINDS)}


@register.simple_block_tag
def columns(content: str, shape: str = "3-2") -> SafeString:
    """Cards side by side from 768 px on; each child element is one column.

    In "5-4-tall" there may be a third, which stands below the first, beside a second that is longer.
    """
    return _block("columns", content, shape=_known(shape, COLUMNS))


@register.simple_block_tag
def column(content: str) -> SafeString:
    return _block("column", content)


@register.simple_block_tag
def card(
    content: str, title: str = "", level: int = 2, next: bool = False, tag: str = "", id: str = ""
) -> SafeString:
    """A card; `next=True` gives the green edge to the page's one next action."""
    return _block("card", content, title=title, level=level, next=next, tag=tag, id=id)


@register.simple_block_tag
def notice(content: str, kind: str = "neutral", sign: str = "") -> SafeString:
    """A line that stays on the page; `sign` is the word that says its kind without colour."""
    return _block("notice", content, kind=_known(kind, NOTICE_KINDS), sign=sign)


@register.simple_block_tag
def reveal(content: str, summary: str, open: bool = False) -> SafeString:
    return _block("reveal", content, summary=summary, open=open)


@register.simple_block_tag
def prose(content: str) -> SafeString:
    """Running text (sanitised Markdown, articles) at a readable width."""
    return _block("prose", content)


# --- what one can do ---


@register.simple_block_tag
def actions(content: str, apart: bool = False) -> SafeString:
    return _block("actions", content, apart=apart)


@register.inclusion_tag("components/button.html")
def button(
    label: str,
    kind: str = "main",
    name: str = "",
    value: str = "",
    form: str = "",
    formaction: str = "",
    describedby: str = "",
    novalidate: bool = False,
    disabled: bool = False,
) -> dict[str, Any]:
    """A submit button of the form around it, or of the form with the id `form`."""
    return {
        "label": label,
        "css": BUTTON_KINDS[_known(kind, BUTTON_KINDS)],
        "name": name,
        "value": value,
        "form": form,
        "formaction": formaction,
        "describedby": describedby,
        "novalidate": novalidate,
        "disabled": disabled,
    }


@register.inclusion_tag("components/link_button.html")
def link_button(label: str, url: str, kind: str = "other", download: bool = False) -> dict[str, Any]:
    return {"label": label, "url": url, "css": BUTTON_KINDS[_known(kind, BUTTON_KINDS)], "download": download}


@register.inclusion_tag("components/post_button.html", takes_context=True)
def post_button(context: Context, label: str, url: str, kind: str = "main", **fields: Any) -> dict[str, Any]:
    """A form of one button that posts `fields` to `url`; for actions that need no input."""
    return {
        "label": label,
        "url": url,
        "css": BUTTON_KINDS[_known(kind, BUTTON_KINDS)],
        "fields": fields,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context,
    content: str,
    title: str,
    action: str,
    cancel_url: str,
    kind: str = "main",
    cancel: str = "",
    url: str = "",
    level: int = 2,
    **fields: Any,
) -> SafeString:
    """Says what will happen to how many, then asks: a form that posts to `url` (this page by default)."""
    return _block(
        "confirm",
        content,
        title=title,
        action=action,
        cancel_url=cancel_url,
        cancel=cancel,
        kind=kind,
        css=BUTTON_KINDS[_known(kind, BUTTON_KINDS)],
        url=url,
        level=level,
        fields=fields,
        csrf_token=context.get("csrf_token"),
    )


# --- what is so ---


@register.inclusion_tag("components/status.html")
def status(label: str, kind: str = "neutral") -> dict[str, Any]:
    return {"label": label, "kind": _known(kind, STATUS_KINDS)}


@register.simple_block_tag
def facts(content: str) -> SafeString:
    return _block("facts", content)


@register.inclusion_tag("components/fact.html")
def fact(label: str, value: Any = "", url: str = "", kind: str = "", label_url: str = "") -> dict[str, Any]:
    """One row: label left, value right, a list line by line; `url` links the value, `kind` makes it a status."""
    if kind:
        _known(kind, STATUS_KINDS)
    lines = value if isinstance(value, list) else []
    return {"label": label, "value": value, "lines": lines, "url": url, "kind": kind, "label_url": label_url}


@register.simple_block_tag
def task_list(content: str) -> SafeString:
    return _block("task_list", content)


@register.inclusion_tag("components/task.html")
def task(label: str, url: str = "", status: str = "", kind: str = "neutral", hint: str = "") -> dict[str, Any]:
    """One row of a task list; without `url` it cannot be started yet."""
    return {"label": label, "url": url, "status": status, "kind": _known(kind, STATUS_KINDS), "hint": hint}


@register.simple_block_tag
def timeline(content: str) -> SafeString:
    return _block("timeline", content)


@register.inclusion_tag("components/moment.html")
def moment(when: str, label: str, detail: str = "", url: str = "", done: bool = False) -> dict[str, Any]:
    return {"when": when, "label": label, "detail": detail, "url": url, "done": done}


@register.simple_block_tag
def table(
    content: str, caption: str, show_caption: bool = False, id: str = "table", stacked: bool = True
) -> SafeString:
    """A table; the content is its thead and tbody. One `id` per page.

    On a phone each row stands by itself, its cells below each other with their column's heading; `stacked=False`
    lets the table scroll sideways there instead, for columns of figures that one compares.
    """
    inner = stackable(content) if stacked else content
    return _block("table", inner, caption=caption, show_caption=show_caption, id=id, stacked=stacked)


@register.inclusion_tag("components/two_lines.html")
def two_lines(first: str, second: str = "", url: str = "", plain: bool = False) -> dict[str, Any]:
    """A name and, below it in grey, what tells it apart; for table cells."""
    return {"first": first, "second": second, "url": url, "plain": plain}


@register.inclusion_tag("components/empty.html")
def empty(title: str, why: str, label: str = "", url: str = "", level: int = 2) -> dict[str, Any]:
    """An empty page or list: says why and gives one button."""
    return {"title": title, "why": why, "label": label, "url": url, "level": level}


@register.simple_block_tag
def figures(content: str) -> SafeString:
    return _block("figures", content)


@register.inclusion_tag("components/figure.html")
def figure(value: Any, label: str, note: str = "") -> dict[str, Any]:
    """One headline figure with its definition under it."""
    return {"value": value, "label": label, "note": note}


@register.inclusion_tag("components/pick.html")
def pick(name: str, value: Any, label: str) -> dict[str, Any]:
    """A box to tick a table's row, in a form around the table; `label` is for those who don't see the row."""
    return {"name": name, "value": value, "label": label}


@register.inclusion_tag("components/meter.html")
def meter(value: float | None, note: str = "") -> dict[str, Any]:
    """A number from 0 to 100 with a bar under it; None shows a dash. The number is the text, the bar is not read."""
    filled = None if value is None else min(100, max(0, round(value)))
    return {"value": value, "filled": filled, "note": note}


@register.inclusion_tag("components/bar.html")
def bar(percent: float | None) -> dict[str, Any]:
    """A row's bar in a chart of table rows, in per cent of the longest; the numbers stand in cells beside it."""
    return {"width": f"{min(100, max(0, percent or 0)):.1f}"}


@register.inclusion_tag("components/diverging.html")
def diverging(points: Sequence[int], left: float, right: float) -> dict[str, Any]:
    """Answers from 1 to 5 as one bar on both sides of a line; the middle answer lies across it.

    `points` counts each answer; `left` and `right` are how far the longest bars of the chart reach, in per cent of
    their answers. The numbers stand in cells beside it.
    """
    total = sum(points)
    if not total:
        return {"parts": []}
    shares = [100 * count / total for count in points]
    at = left - shares[0] - shares[1] - shares[2] / 2
    parts = []
    for number, share in enumerate(shares, start=1):
        # As text: a language's decimal comma has no place in a drawing.
        parts.append({"number": number, "x": f"{at:.2f}", "width": f"{share:.2f}"})
        at += share
    return {"parts": parts, "middle": f"{left:.2f}", "width": f"{left + right:.2f}"}


@register.inclusion_tag("components/progress.html")
def progress(
    label: str, value: float | None, maximum: float = 100, note: str = "", id: str = "progress"
) -> dict[str, Any]:
    """How far a piece of work has come; `value` None says that the length is not known yet."""
    return {"label": label, "value": value, "maximum": maximum, "note": note, "id": id}


@register.inclusion_tag("components/who_sees.html")
def who_sees(text: str) -> dict[str, Any]:
    """The one line that stands where one writes: who will read it."""
    return {"text": text}


# --- going about ---


@register.simple_block_tag
def tabs(content: str, label: str) -> SafeString:
    """Links between parts of a page or filters of a list; `label` names the group."""
    return _block("tabs", content, label=label)


@register.inclusion_tag("components/tab.html")
def tab(label: str, url: str, current: bool = False, count: int | None = None) -> dict[str, Any]:
    return {"label": label, "url": url, "current": current, "count": count}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], parameter: str = "page", label: str = "") -> dict[str, Any]:
    """Links to the other pages of a Paginator; the query's other parameters are kept."""
    query = context["request"].GET.copy() if "request" in context else None

    def address(number: int) -> str:
        if query is None:
            return f"?{parameter}={number}"
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "label": label,
        "numbers": [(n, address(n) if isinstance(n, int) else "") for n in numbers],
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("components/htmx.html")
def htmx() -> dict[str, Any]:
    """htmx's script; for the block `scripts` of pages that use it."""
    return {}


# --- forms ---


@register.inclusion_tag("components/field.html")
def field(bound_field: BoundField) -> dict[str, Any]:
    """One form field as the crispy pack renders it: for pages that place fields one by one."""
    return {"field": bound_field}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: "BaseForm | BaseFormSet[Any]") -> dict[str, Any]:
    """All errors of the forms on top of the page, each linked to its field; nothing when there are none."""
    return {"errors": [entry for form in forms if form for entry in _errors(form)]}


def _errors(form: "BaseForm | BaseFormSet[Any]") -> list[tuple[str, str, str]]:
    """(target id, label, message) of each error; id and label are empty where it belongs to no field."""
    if not form.is_bound:
        return []
    if isinstance(form, BaseFormSet):
        own = [("", "", str(message)) for message in form.non_form_errors()]
        return own + [entry for member in form.forms for entry in _errors(member)]
    found = [("", "", str(message)) for message in form.non_field_errors()]
    for bound in form:
        found += [(focus_id(bound), str(bound.label), str(message)) for message in bound.errors]
    return found


@register.filter
def focus_id(bound: BoundField) -> str:
    """The id of the first control of a field: where a link in the error summary puts the focus."""
    if bound.is_hidden:
        return ""
    if control_kind(bound) == "choices":
        # Grouped choices count their groups too, so the first one's id is read, not built.
        return str(bound.subwidgets[0].data["attrs"]["id"]) if bound.subwidgets else ""
    return f"{bound.auto_id}_0" if bound.use_fieldset else bound.id_for_label


@register.filter
def control_kind(bound: BoundField) -> str:
    """How a field is laid out: hidden, checkbox, choices, inputs (several controls in one) or control."""
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, CheckboxInput):
        return "checkbox"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    return "inputs" if isinstance(widget, MultiWidget) else "control"


@register.simple_tag
def control(bound: BoundField) -> SafeString:
    """The field's control with the class of its kind; the widget itself is left as it is."""
    widget = bound.field.widget
    classes = ["form-select" if isinstance(widget, Select) else "form-control", widget.attrs.get("class", "")]
    if bound.errors:
        classes.append("is-wrong")
    return bound.as_widget(attrs={"class": " ".join(filter(None, classes))})

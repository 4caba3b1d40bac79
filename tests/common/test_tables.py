"""Tables for phones: every cell knows its column, and a table stays one for screen readers."""

from django.template import engines
from django.utils.safestring import mark_safe

from mentorship.common.tables import stackable

HEAD = '<thead><tr><th scope="col">Name &amp; <b>unit</b></th><td></td><th scope="col">Hours</th></tr></thead>'


def body(cells):
    return stackable(mark_safe(f"{HEAD}<tbody><tr>{cells}</tr></tbody>")).partition("<tbody")[2]


def test_rows_and_cells_keep_their_roles():
    assert stackable(mark_safe(HEAD)) == (
        '<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Name &amp; <b>unit</b></th>'
        '<td role="cell"></td><th role="columnheader" scope="col">Hours</th></tr></thead>'
    )


def test_a_cell_has_the_heading_of_its_column_and_a_row_heading_none():
    assert body('<th scope="row">Ana</th><td>x</td><td class="number">3</td>') == (
        ' role="rowgroup"><tr role="row"><th role="rowheader" scope="row">Ana</th><td role="cell">x</td>'
        '<td role="cell" data-label="Hours" class="number">3</td></tr></tbody>'
    )


def test_a_heading_is_escaped_once():
    assert '<td role="cell" data-label="Name &amp; unit">' in body("<td>Ana</td><td></td><td>3</td>")


def test_a_cell_over_several_columns_has_no_heading_and_counts_as_many():
    assert body('<td colspan="2">Ana</td><td>3</td>') == (
        ' role="rowgroup"><tr role="row"><td role="cell" colspan="2">Ana</td>'
        '<td role="cell" data-label="Hours">3</td></tr></tbody>'
    )


def test_a_table_of_figures_can_scroll_instead():
    source = '{% load components %}{% table "T" stacked=stacked %}<tbody><tr><td>1</td></tr></tbody>{% endtable %}'
    template = engines["django"].from_string(source)
    assert "<tr><td>1</td></tr>" in template.render({"stacked": False})
    assert "table-stacked" not in template.render({"stacked": False})
    assert 'class="table-paper table-stacked" role="table"' in template.render({"stacked": True})

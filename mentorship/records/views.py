"""A person's own data: what is kept, why, how long, who sees it, and a copy to take away."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mentorship.records.my_data import holdings


@login_required
@require_GET
def my_data(request: HttpRequest) -> HttpResponse:
    return render(request, "records/my_data.html", {"holdings": holdings(request.user)})


@login_required
@require_GET
def download(request: HttpRequest) -> JsonResponse:
    """Everything as one JSON file: {kind: [rows]}."""
    response = JsonResponse(
        {holding.title: holding.rows for holding in holdings(request.user)},
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response

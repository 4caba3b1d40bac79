"""A person's own data: what is kept, why, how long, who sees it, and a copy to take away."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mentorship.records.my_data import copy_of, in_words


@login_required
@require_GET
def my_data(request: HttpRequest) -> HttpResponse:
    parts = in_words(request.user)
    return render(request, "records/my_data.html", {"parts": parts, "count": sum(part.count for part in parts)})


@login_required
@require_GET
def download(request: HttpRequest) -> JsonResponse:
    """Everything as one JSON file: {"app.model": [{field: value}]}."""
    response = JsonResponse(
        copy_of(request.user),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response

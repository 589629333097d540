"""Training files from a person's computer: in parts while a script is there, whole with the form else."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jobs.forms import OrderForm
from jobs.forms.orders import ROLES
from jobs.models import Upload
from jobs.models.upload import PART_SIZE, Unacceptable
from jobs.views.types import Request

REFUSED = 422


@require_POST
def upload_begin(request: Request) -> HttpResponse:
    """Room for a file; the answer says where its parts go."""
    asked = request.POST
    size = int(asked["size"]) if asked.get("size", "").isdecimal() else 0
    try:
        upload = Upload.objects.begin(
            asked.get("filename", ""), size, by=request.user, **use(asked)
        )
    except Unacceptable as refusal:
        return JsonResponse({"error": str(refusal)}, status=REFUSED)
    url = reverse("upload", args=[upload.key])
    return JsonResponse({"key": upload.key, "part_size": PART_SIZE, "url": url})


@require_POST
def upload_part(request: Request, key: UUID, number: int) -> HttpResponse:
    upload = get_object_or_404(Upload, key=key, by=request.user)
    try:
        upload.take(number, request.body)
    except Unacceptable as refusal:
        return JsonResponse({"error": str(refusal)}, status=REFUSED)
    return JsonResponse({"received": upload.received, "size": upload.size})


@require_GET
def upload(request: Request, key: UUID) -> HttpResponse:
    """How far it is, and what is in it."""
    return render(request, "jobs/_upload.html", {"upload": get_object_or_404(Upload, key=key)})


def use(asked: QueryDict) -> dict[str, Any]:
    """What the file is to be checked for, as far as the form says so by now."""
    named = {"method": asked.get("method", ""), "model": asked.get("model", "")[:200]}
    known = {name: value for name, value in named.items() if value}
    return known | {"for_validation": asked.get("role") == "validation"}


def brought(request: Request, form: OrderForm) -> dict[str, Any]:
    """The files that came with the form itself, for whoever has no script."""
    found: dict[str, Any] = {}
    for role in ROLES:
        file = form.cleaned_data[f"{role}_new"]
        if file and not form.cleaned_data[f"{role}_file"]:
            found[f"{role}_upload"] = whole(request, file)
    return found


def whole(request: Request, file: Any) -> Upload:
    upload = Upload.objects.begin(file.name, file.size, by=request.user)
    for number in range(upload.part_count):
        upload.take(number, file.read(PART_SIZE))
    return upload

"""Training files from a person's computer: in parts while a script is there, whole with the form else."""

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jobs.forms.orders import ROLES
from jobs.models import Order, Upload
from jobs.models.upload import PART_SIZE, Unacceptable
from jobs.views.charts import whole
from jobs.views.types import Request

REFUSED = 422


@require_POST
def upload_begin(request: Request) -> HttpResponse:
    """Room for a file; the answer says where its parts go."""
    asked = request.POST
    filename, size = asked.get("filename", ""), whole(asked.get("size", ""), 0)
    try:
        upload = Upload.objects.begin(filename, size, by=request.user, **use(asked))
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
    method = asked.get("method", "")
    known = {"method": method} if method in Order.Method else {}
    model = asked.get("model", "").replace("\0", "")[:200]
    return known | {"model": model, "for_validation": asked.get("role") == "validation"}


def typed_and_brought(request: Request) -> QueryDict:
    """The form; a file that came with it, from whoever has no script, is taken first and so not lost."""
    given = request.POST.copy()
    for role in ROLES:
        file = request.FILES.get(f"{role}_new")
        if file and file.size and not given.get(f"{role}_file"):
            given[f"{role}_upload"] = str(taken(request, file).key)
    return given


def taken(request: Request, file: "UploadedFile[bytes]") -> Upload:
    upload = Upload.objects.begin(file.name or "", file.size or 0, by=request.user)
    for number in range(upload.part_count):
        upload.take(number, file.read(PART_SIZE))
    return upload

"""What `/openapi.json` says of the two doors that are plain ASGI."""

from typing import Any

from producers.receive_reports import Call
from schemas.proposal import ProposedGrade
from schemas.report import Receipt, Report

TEMPLATE = "#/components/schemas/{model}"


def describe_reports(document: dict[str, Any]) -> dict[str, Any]:
    """Add `POST /api/v1/reports` and `POST /api/v1/calls` with their bodies and answers, and the proposed grade."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for model in (Report, Call, Receipt, ProposedGrade):
        shape = model.model_json_schema(ref_template=TEMPLATE)
        schemas |= shape.pop("$defs", {})
        schemas[model.__name__] = shape
    schemas["Problem"] = {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {k: {"type": "string"} for k in ("field", "reason", "detail")},
                },
            },
        },
    }
    document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"token": []}]
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "maxLength": 200},
    }
    paths = document.setdefault("paths", {})
    paths.setdefault("/api/v1/reports", {})["post"] = _post("submit a report", "Report", [key])
    paths["/api/v1/calls"] = {"post": _post("log a phone call", "Call", [])}
    return document


def _post(summary: str, model: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    refused = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    said = {
        "400": "not JSON",
        "401": "sign in first",
        "403": "not for this place or role",
        "409": "in conflict: the id was used for another report",
        "413": "over 64 KiB",
        "422": "a field is not right",
        "503": "NOT received; phone the duty room",
    }
    return {
        "summary": summary,
        "tags": ["report"],
        "parameters": parameters,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{model}"}}},
        },
        "responses": {
            "202": {
                "description": "on the broker's disk",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Receipt"}}},
            },
            **{code: {"description": text, "content": refused} for code, text in said.items()},
        },
    }

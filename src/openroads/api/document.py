"""The API in OpenAPI 3.1, written by hand: what is sent and read, what proves who does, and every answer."""

from typing import Any

from django.conf import settings

from openroads import __version__
from openroads.api import document_reading as reading
from openroads.archive.networks import LABELS
from openroads.connectors.pushed import COUNTS, KINDS, MOST_ID, MOST_LINES, MOST_TEXT

PROBLEMS = {
    "400": "The body cannot be read at all.",
    "401": "The signature is missing, wrong, or more than five minutes old.",
    "404": "There is no source at this address.",
    "405": "Another method than POST.",
    "409": "The source is paused, or something else was sent under this id.",
    "413": "The body is too large.",
    "415": "Another media type.",
    "422": "None of the lines is a post.",
    "429": "Too many requests; Retry-After says when to come back.",
}


def document() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Openroads",
            "version": __version__,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": settings.OPENROADS.url}],
        "paths": {"/api/v1/posts/{source}": {"post": _push()}, **reading.paths()},
        "components": {
            "schemas": {
                "Post": _post(),
                "Deletion": _deletion(),
                "Taken": _taken(),
                "Problem": _problem(),
                **reading.schemas(),
            },
            "securitySchemes": {
                **reading.SCHEMES,
                "webhookSignature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "webhook-signature",
                    "description": "Standard Webhooks: v1, and base64 of HMAC-SHA256 over "
                    "`webhook-id.webhook-timestamp.body` under the secret of the source.",
                },
            },
        },
    }


def _push() -> dict[str, Any]:
    line = {"oneOf": [_ref("Post"), _ref("Deletion")]}
    array: dict[str, Any] = {"type": "array", "items": line, "maxItems": MOST_LINES}
    bodies = {
        kind: {"schema": {"type": "string", "description": "One Post or Deletion a line."}}
        if by_line
        else {"schema": {"oneOf": [line, array]}}
        for kind, by_line in KINDS.items()
    }
    return {
        "operationId": "pushPosts",
        "summary": "Push posts to a source",
        "description": "Kept before it is answered and read afterwards. The same request sent again "
        "(same webhook-id or Idempotency-Key, same body) gets the same answer and is kept once.",
        "security": [{"webhookSignature": []}],
        "parameters": [
            {"name": "source", "in": "path", "required": True, "schema": {"type": "string"}},
            _header("webhook-id", "Your id of this request; the same when you send it again."),
            _header("webhook-timestamp", "Seconds since 1970, now."),
            _header("Idempotency-Key", "Instead of webhook-id, to tell requests apart.", False),
        ],
        "requestBody": {"required": True, "content": bodies},
        "responses": {
            "202": {
                "description": "Kept; what could not be read is told line by line.",
                "content": {"application/json": {"schema": _ref("Taken")}},
            },
            **{
                status: {
                    "description": why,
                    "content": {"application/problem+json": {"schema": _ref("Problem")}},
                }
                for status, why in PROBLEMS.items()
            },
        },
    }


def _post() -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string"}
    return {
        "type": "object",
        "required": ["id", "text", "said_at"],
        "additionalProperties": False,
        "properties": {
            "id": _id("Yours, the same for the same post: who sends it again changes the post."),
            "op": {"const": "upsert"},
            "text": {**text, "description": f"At most {MOST_TEXT:,} characters are kept; HTML becomes text."},
            "said_at": {
                "oneOf": [{"type": "string", "format": "date-time"}, {"type": "number"}],
                "description": "When it was said; a number is seconds since 1970.",
            },
            "author": {**text, "description": "What stays the same for one author."},
            "author_name": text,
            "url": {"type": "string", "format": "uri"},
            "title": text,
            "language": {**text, "description": "BCP 47; a hint."},
            "network": {"enum": sorted(LABELS), "default": "web"},
            "reply_to": _id("The id of the post it answers."),
            "thread": _id("The id of the post the conversation began with."),
            "repost": {"type": "boolean", "default": False},
            "rating": {"type": "number", "minimum": 0, "maximum": 10},
            **{name: {"type": "integer", "minimum": 0} for name in COUNTS},
        },
    }  # fmt: skip


def _deletion() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["id", "op"],
        "properties": {"id": _id("The post that is gone."), "op": {"const": "delete"}},
    }


def _taken() -> dict[str, Any]:
    number = {"type": "integer", "minimum": 0}
    reason = {
        "type": "object",
        "properties": {"where": {"type": "string"}, "why": {"type": "string"}},
    }
    return {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            **dict.fromkeys(("lines", "accepted", "deletions", "rejected"), number),
            "rejections": {"type": "array", "items": reason, "maxItems": 100},
        },
    }


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["title", "status", "detail"],
        "properties": {
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "parameter": {"type": "string", "description": "Which part of the address is wrong."},
        },
    }


def _id(told: str) -> dict[str, Any]:
    return {"type": ["string", "integer"], "maxLength": MOST_ID, "description": told}


def _header(name: str, told: str, required: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": told,
        "schema": {"type": "string", "maxLength": 150},
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}

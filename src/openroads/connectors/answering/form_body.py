"""A form with a picture in it, as networks take files (RFC 7578)."""

import uuid
from collections.abc import Mapping

from openroads.connectors.answering.port import Picture


def form_with(picture: Picture, name: str, fields: Mapping[str, str]) -> tuple[bytes, str]:
    """The body of such a form, the picture under a name beside fields of words, and its content type."""
    mark = uuid.uuid4().hex
    ending = picture.kind.partition("/")[2]
    words = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{said}\r\n'.encode()
        for field, said in fields.items()
    ]
    file = (
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="picture.{ending}"\r\n'
        f"Content-Type: {picture.kind}\r\n\r\n"
    ).encode()
    body = b"".join([*words, file, picture.body, f"\r\n--{mark}--\r\n".encode()])
    return body, f"multipart/form-data; boundary={mark}"

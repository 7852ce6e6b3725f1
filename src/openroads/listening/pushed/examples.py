"""Examples of how posts are pushed, as they stand on the page and in the documentation; tests run them."""

from typing import Final

ADDRESS: Final = "https://openroads.example/api/v1/posts/SOURCE"
SECRET: Final = "whsec_YOUR_SECRET"  # noqa: S105 (what people replace)

CURL: Final = """\
address='https://openroads.example/api/v1/posts/SOURCE'
secret='whsec_YOUR_SECRET'
body='{"id": "ticket-1", "text": "The battery is flat again.", "said_at": "2026-11-24T14:05:00Z", "author": "rider-7"}
{"id": "ticket-0", "op": "delete"}'
id="push-$(date +%s)-$$"
now=$(date +%s)
key=$(printf %s "${secret#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \\n')
sign=$(printf '%s.%s.%s' "$id" "$now" "$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)
curl --silent --show-error --fail-with-body --data-binary "$body" \\
  -H 'Content-Type: application/x-ndjson' -H "webhook-id: $id" \\
  -H "webhook-timestamp: $now" -H "webhook-signature: v1,$sign" "$address"
"""

PYTHON: Final = """\
import base64, hmac, json, time, urllib.request, uuid

address = "https://openroads.example/api/v1/posts/SOURCE"
secret = "whsec_YOUR_SECRET"
posts = [
    {
        "id": "ticket-2",
        "text": "It rides like a dream.",
        "said_at": "2026-11-24T15:10:00Z",
        "rating": 5,
    },
]
body = "\\n".join(map(json.dumps, posts)).encode()
id, now = f"push-{uuid.uuid4()}", str(int(time.time()))
key = base64.b64decode(secret.removeprefix("whsec_"))
sign = base64.b64encode(hmac.digest(key, b".".join((id.encode(), now.encode(), body)), "sha256"))
headers = {
    "Content-Type": "application/x-ndjson",
    "webhook-id": id,
    "webhook-timestamp": now,
    "webhook-signature": "v1," + sign.decode(),
}
with urllib.request.urlopen(urllib.request.Request(address, body, headers)) as answer:
    print(answer.read().decode())
"""

N8N: Final = """\
const crypto = require('crypto');
const secret = 'whsec_YOUR_SECRET';
const body = $input.all().map((item) => JSON.stringify(item.json)).join('\\n');
const id = `push-${$execution.id}-${$runIndex}`;
const now = Math.floor(Date.now() / 1000).toString();
const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
const sign = crypto.createHmac('sha256', key).update(`${id}.${now}.${body}`).digest('base64');
return [{ json: { body, id, now, sign: `v1,${sign}` } }];
"""

EXAMPLES: Final = (("curl", "curl", CURL), ("python", "Python", PYTHON), ("n8n", "n8n", N8N))
"""(name, what it is called, the text), in the order in which they are shown."""


def examples(address: str, secret: str = "") -> list[tuple[str, str, str]]:
    """The examples with the address of one source; with its secret only where it was made just now."""
    return [
        (name, label, text.replace(ADDRESS, address).replace(SECRET, secret or SECRET))
        for name, label, text in EXAMPLES
    ]

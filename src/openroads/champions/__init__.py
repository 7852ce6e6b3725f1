"""Champions: colleagues who start, what their work brought, and who of them stands in the spotlight."""

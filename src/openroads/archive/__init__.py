"""The conversations: schema, ingest and queries of everything collected. Knows no Django."""

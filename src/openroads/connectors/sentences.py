"""What connectors say to people; the sentences themselves are made on the ground floor."""

from openroads.analysis.sentences import Said, Sentence, Told, as_json, filled, from_json, say

__all__ = ["Said", "Sentence", "Told", "as_json", "filled", "from_json", "say"]

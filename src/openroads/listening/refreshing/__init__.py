"""Looking kept posts up again at their network: edits and deletions there hold here too."""

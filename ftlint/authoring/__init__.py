"""Conversations as YAML: read into records with the place of every value, and written back."""

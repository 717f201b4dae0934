"""Paths to datasets, datasets to shards, shards to lines."""

"""Reads for a screen, each with its loads spelled out; nothing here changes anything."""

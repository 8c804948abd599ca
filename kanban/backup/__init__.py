"""Backups: one archive that holds the database and the files as they were at one moment, and the way back."""

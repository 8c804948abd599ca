"""The drill: a real server is killed at random moments under work, and nothing it had acknowledged may be lost."""

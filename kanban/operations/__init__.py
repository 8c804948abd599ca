"""One verb a module: one transaction, the event written in it; ``actor`` and ``now`` are given."""

"""The benchmark: an office of a stated size, a real server, and figures beside "hello" of the same run."""

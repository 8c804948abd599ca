"""The drill: a real server is killed under work, runs out of disk, may not write, meets a second server and a
clock that jumps; nothing that it had acknowledged may be lost."""

"""The reports: what ended visits say of a time, and how running cards stand beside it.

Only those who supervise an SOP read any of it; every function here gives None to others. What is kept in
memory between requests (``months.py``) belongs to boards and months and holds nothing about readers.
"""

"""What ships with the program as data: the two signed SOPs and the calendar's seed."""

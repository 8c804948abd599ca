"""Files that people give: what each really is, and what is made of it to be looked at."""

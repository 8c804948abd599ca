"""What the tests need from the machine: a browser, a PostgreSQL server, a proxy."""

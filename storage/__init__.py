"""THE MEMORY: all SQL and nothing but SQL. The only room that knows asyncpg; it does what it is told."""

"""THE COMMAND: what a person types, and the NATS and PostgreSQL that come along."""

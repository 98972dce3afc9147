"""THE REACTIONS: one file, one kind of fact in, one transaction: store, route, deliver, escalate, record."""

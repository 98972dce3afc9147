"""THE PLUMBING: what a process needs to start: settings, clock, stream, publish, redelivery, logging, health."""

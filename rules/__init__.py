"""THE DECISIONS: facts and `now` in, decision and reason out. No I/O but the pack loader, no clock, no logging."""

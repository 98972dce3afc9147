"""THE DOORS: how a fact enters the stream: pages, console, API, phone log, the deadline clock and the event relay."""

"""What people type: read by one normaliser from one table (`table.json`), which the page's own copy of it reads too."""

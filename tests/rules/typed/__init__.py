"""What people type; `vectors.json` runs through the Python and the page's reader alike."""

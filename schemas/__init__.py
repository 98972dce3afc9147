"""THE SHAPES: everything that crosses a boundary. pydantic and the standard library only."""

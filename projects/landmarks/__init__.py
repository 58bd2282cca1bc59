"""What a face's points are: schemas, shapes and the measures between them; NumPy and the standard library only."""

"""Jobs that the workers run; each may run twice, in any order, and change nothing the second time."""

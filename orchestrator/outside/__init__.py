"""Code that stands outside the service and speaks to it through its HTTP contract only."""

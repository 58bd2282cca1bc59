"""What follows what; nothing else chains capabilities."""

"""Face pictures drawn by our own code, with the truth about their landmarks."""

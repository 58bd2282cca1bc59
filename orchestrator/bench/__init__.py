"""What the benchmark command measures beside the judged cases."""

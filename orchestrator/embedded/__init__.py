"""The servers that `up` starts when none is named."""

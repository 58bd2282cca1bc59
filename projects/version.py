"""The version of this software, as releases state it."""

VERSION = "0.1.0"

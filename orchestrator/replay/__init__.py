"""Recorded people work once more: their own answers, through HTTP, measured and checked."""

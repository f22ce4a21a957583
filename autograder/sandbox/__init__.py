"""Processes and limits: runs a student's code behind a wall. Knows nothing about GANs."""

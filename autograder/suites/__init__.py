"""The hidden suites, a folder for each assignment. Never shown to students, never mounted into the sandbox."""

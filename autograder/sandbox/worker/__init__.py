"""What runs inside the sandbox. The only folder of the project that is mounted there."""

"""What a switch does to a frame: timing rules and the device itself."""

"""Pictures: they draw scenarios and runs, and know no physics."""

"""The command line: flags from the declared parameters, one function per command."""

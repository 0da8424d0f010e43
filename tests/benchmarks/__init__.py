"""How fast it is: run with make bench."""

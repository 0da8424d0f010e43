"""python -m generator: the same as gongkai."""

from generator.cli import main

main()

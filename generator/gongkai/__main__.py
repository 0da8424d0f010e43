"""python -m gongkai: the same as gongkai."""

from gongkai.cli import main

main()

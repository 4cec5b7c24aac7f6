"""`python -m unitstack.cli` is `ao`, where the command itself is not on the path."""

from unitstack.cli.main import main

main()

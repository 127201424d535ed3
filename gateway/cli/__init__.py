"""The command line: one small file per group of commands; ``table`` lists them, ``frame`` runs them."""

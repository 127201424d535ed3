"""The doors and the hands: sockets, clocks, processes, logs and the command line."""

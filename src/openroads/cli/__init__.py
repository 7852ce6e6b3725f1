"""The command line: run, demo, import, gap, worker, doctor."""

"""What stands in `deploy/`: the files are read, checked by the programs they are for, and compared with the code."""

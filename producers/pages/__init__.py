"""The pages: the doors a person sees. They talk to the HTTP interface and to nothing else."""

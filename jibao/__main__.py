"""`python -m jibao`: the same as the `jibao` command; what `jibao up` starts its roles with."""

from jibao.command import main

main()

"""What attackers try: raw HTTP, forged links and messages, rights of every role. Bounded, and on this machine only."""

import os

LONG = os.environ.get("JIBAO_ATTACK") == "long"
"""`make attack` tries more of the same; what every run tries is the short form."""

#!/bin/sh
# Makes the secrets that compose.yml reads, each a file of its own, 256 random bits; what is there already stays.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
# The folder is closed to others; the files are not, because each container reads its own as another user.
chmod 0700 secrets
for name in link_key grafana_admin database_superuser \
    database_owner database_doors database_consumers database_clock database_relay \
    nats_admin nats_doors nats_consumers nats_relay; do
    [ -s "secrets/$name" ] && continue
    od -An -vtx1 -N32 /dev/urandom | tr -d ' \n' >"secrets/$name"
    chmod 0444 "secrets/$name"
    echo "made secrets/$name"
done

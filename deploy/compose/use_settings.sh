#!/bin/bash
# Run once by the postgres image, when the cluster is new: our settings are read after its own.
set -euo pipefail
echo "include '/etc/jibao/jibao.conf'" >>"$PGDATA/postgresql.conf"

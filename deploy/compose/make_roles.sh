#!/bin/bash
# Run once by the postgres image, when the cluster is new: the database and its roles, with passwords from files.
set -euo pipefail
for role in owner doors consumers clock relay; do
    password=$(cat "/run/secrets/database_$role")
    export "JIBAO_${role^^}_DATABASE_PASSWORD=$password"
done
psql -X -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres -f /etc/jibao/roles.sql

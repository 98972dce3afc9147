#!/bin/sh
# nats-server reads its passwords from the environment and compose hands over files: this is the step between.
set -eu
for role in admin doors consumers relay; do
    name="JIBAO_NATS_$(echo "$role" | tr '[:lower:]' '[:upper:]')_PASSWORD"
    # In double quotes, or a password of digits would be read as a number.
    password=$(cat "/run/secrets/nats_$role")
    export "$name=\"$password\""
done
# Other containers come from outside this one's loopback; the network `inside` leads nowhere else.
exec nats-server -c /etc/nats/nats.conf -a 0.0.0.0

#!/bin/sh
# Debian's Prometheus (promtool) and Alertmanager for the tests that use the real ones; without them these are skipped, and say so.
# Neither is started as a service: only the tests start what they need, on loopback.
set -eu
if [ "$(id -u)" != 0 ]; then echo "run as root" >&2; exit 1; fi
refuse=/usr/sbin/policy-rc.d
made=no
if [ ! -e "$refuse" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$refuse"
  chmod 755 "$refuse"
  made=yes
fi
trap 'if [ "$made" = yes ]; then rm -f "$refuse"; fi' EXIT
DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends prometheus prometheus-alertmanager
promtool --version
prometheus-alertmanager --version

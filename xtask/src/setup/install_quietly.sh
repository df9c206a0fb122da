# Installs packages whose services are not to run, now or after the next start of the machine: tests start their own.
set -e
export DEBIAN_FRONTEND=noninteractive
# What Debian's packages ask before they start a service. Where there is one already, the machine's owner has decided.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 1' HUP INT TERM
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi
apt-get update
apt-get install -y --no-install-recommends "$@"
if command -v systemctl >/dev/null; then
    # The services have the packages' names.
    systemctl disable "$@"
fi

#!/bin/sh
# Installs wrk and nginx, which the benchmarks drive, where they are missing and Debian's packages can be had.
# Where they cannot, the benchmarks say what is missing.
set -eu

programs="wrk:wrk nginx:nginx-light"

packages=$(for one in $programs; do command -v "${one%%:*}" > /dev/null || echo "${one#*:}"; done)
[ -n "$packages" ] || exit 0

as_root=
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get > /dev/null && $as_root true 2> /dev/null; then
    echo "Installing what the benchmarks drive:" $packages
    { $as_root apt-get update -qq &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages; } > /dev/null ||
        echo "They could not be installed; the benchmarks go on without."
else
    echo "The benchmarks go on without what is missing; on Debian: sudo apt-get install --no-install-recommends" $packages
fi

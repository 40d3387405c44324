#!/bin/sh
# Installs the programs that the tests drive, where they are missing and Debian's packages can be had, and then those
# that npm has, by tests/package-lock.json.
# Tests fail, with a sentence, rather than skip where a program is missing.
set -eu

# Each program, or file, and Debian's package that has it.
programs="chromium:chromium bibtex:texlive-latex-base pdflatex:texlive-latex-base biber:biber pandoc:pandoc
    nginx:nginx-light caddy:caddy slowhttptest:slowhttptest pg_ctlcluster:postgresql age:age curl:curl
    systemd-analyze:systemd shellcheck:shellcheck /usr/lib/python3/dist-packages/swift:python3-swift node:nodejs npm:npm"
PATH="$PATH:/usr/sbin" # where nginx is

packages=$(for one in $programs; do
    command -v "${one%%:*}" > /dev/null || [ -e "${one%%:*}" ] || echo "${one#*:}"
done | sort -u)
if [ -n "$packages" ]; then
    as_root=
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    if command -v apt-get > /dev/null && $as_root true 2> /dev/null; then
        echo "Installing what the tests drive:" $packages
        $as_root apt-get update -qq
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages > /dev/null
    else
        echo "The tests drive programs that are missing here."
        echo "Install them first; on Debian: sudo apt-get install --no-install-recommends" $packages
        exit 1
    fi
fi

cd "$(dirname "$0")"
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    echo "Installing what the tests drive with node ..."
    npm ci --loglevel=error --ignore-scripts --no-audit --no-fund
fi

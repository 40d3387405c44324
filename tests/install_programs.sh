#!/bin/sh
# Installs the programs that the tests drive, where they are missing and Debian's packages can be had.
# Tests fail, with a sentence, rather than skip where a program is missing.
set -eu

programs="chromium bibtex biber pandoc pdflatex"
packages="chromium texlive-latex-base biber pandoc"

missing=$(for program in $programs; do command -v "$program" > /dev/null || echo "$program"; done)
[ -n "$missing" ] || exit 0

as_root=
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get > /dev/null && $as_root true 2> /dev/null; then
    echo "Installing what the tests drive:" $packages
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages > /dev/null
else
    echo "The tests drive programs that are missing here:" $missing
    echo "Install them first; on Debian: sudo apt-get install --no-install-recommends $packages"
    exit 1
fi

# Where everything lies on a server, and how a step is said to have failed. The scripts beside it read it.
# shellcheck shell=sh disable=SC2034 # what is named here is used there
# PORTFOLIO_ROOT is for tests: a folder that stands for /.
root=${PORTFOLIO_ROOT-}
home=$root/opt/portfolio
releases=$home/releases
current=$home/current   # the release that answers: a link, and the one thing that a switch changes
previous=$home/previous # the way back
data=$root/var/lib/portfolio
backups=$root/var/backups/portfolio
sockets=$root/run/portfolio
environment=$root/etc/portfolio/environment
timetable=$root/etc/portfolio/timetable # the owner's own jobs
units=$root/etc/systemd/system
user=portfolio

say() {
    printf '%s\n' "$*"
}

stop() {
    printf '%s\n' "$*" >&2
    exit 1
}

# The lines of the environment file as systemd reads them: without blanks at their ends, and the last one also where no
# line break ends it.
settings() {
    sed 's/^[[:space:]]*//; s/[[:space:]]*$//' "$environment"
}

# The value of a variable in the environment file.
setting() {
    settings | sed -n "s/^$1=//p" | tail -n 1
}

# Put the units of a release in place.
install_units() {
    cp -R "$1/deploy/systemd/." "$units"
    systemctl daemon-reload
}

# Put a timer in place for each line of a release's timetable and of the owner's, and take away those that are in none.
install_timers() {
    for timer in "$units"/portfolio-task@*.timer; do
        [ ! -e "$timer" ] || mv "$timer" "$timer.old"
    done
    "$1/deploy/timers" "$1/deploy/timetable" "$units" "$timetable"
    for timer in "$units"/portfolio-task@*.timer.old; do
        [ -e "$timer" ] || continue # there is none, and the pattern stands for itself
        [ -e "${timer%.old}" ] || systemctl disable --quiet --now "$(basename "${timer%.old}")" || true
        rm "$timer"
    done
    systemctl daemon-reload
    for timer in "$units"/portfolio-task@*.timer; do
        timer=$(basename "$timer")
        systemctl enable --quiet "$timer"
        systemctl restart "$timer" || say "WARNING: $timer does not run. Is its time in $timetable right?" >&2
    done
}

#!/bin/sh
# Starts Pitcher in the version that `current` names, of the folder that this file lies in.
#
# It needs nothing but a POSIX shell, and works without the right to be executed: sh pitcher.
# While a version has not started once there is a file `tries`, to which each start adds a byte; the
# program removes it. After two starts in vain the version before is taken again (app/updates).

most_tries=2

say() {
    printf 'pitcher: %s\n' "$1" >&2
}

# The folder that this file itself lies in: links to it are followed. It is left in `prefix`.
find_prefix() {
    self=$0
    case $self in
        */*) ;;
        *) if [ -f "./$self" ]; then self=./$self; else self=$(command -v -- "$self"); fi ;;
    esac
    hops=0
    while [ -L "$self" ] && [ "$hops" -lt 40 ]; do
        target=$(readlink -- "$self" && printf x) || return 1
        target=${target%?x}
        case $target in
            /*) self=$target ;;
            *) self=${self%/*}/$target ;;
        esac
        hops=$((hops + 1))
    done
    prefix=$(CDPATH='' cd -P -- "${self%/*}/" && pwd -P && printf x) || return 1
    prefix=${prefix%?x}
}

# The version that a file names is left in `named`; fails where it names none that is whole.
read_version() {
    named=
    [ -f "$prefix/$1" ] || return 1
    IFS= read -r named <"$prefix/$1" || [ -n "$named" ] || return 1
    case $named in
        '' | .* | *[!0-9a-z.]*) return 1 ;;
    esac
    [ -f "$prefix/versions/$named/pitcher" ]
}

# One file gets one line, whole or not at all. Fails quietly: a medium may be read-only.
write_line() {
    { printf '%s\n' "$2" >"$prefix/.$1.new"; } 2>/dev/null && mv -f -- "$prefix/.$1.new" "$prefix/$1"
}

# Counts this start, where the current version has not started yet; true where it was tried enough.
was_tried_enough() {
    [ -f "$prefix/tries" ] || return 1
    tries=$(wc -c <"$prefix/tries") || return 1
    [ "$tries" -ge "$most_tries" ] && return 0
    { printf . >>"$prefix/tries"; } 2>/dev/null
    return 1
}

# From `current` to `previous`, in an order in which each kill leaves one of them.
fall_back() {
    write_line fell-back "$current" && write_line current "$previous" || return 0
    rm -f -- "$prefix/tries" "$prefix/previous"
}

choose() {
    current=
    previous=
    read_version current && current=$named
    read_version previous && previous=$named
    if [ -z "$current" ]; then
        [ -n "$previous" ] || return 1
        say "The version in use is not whole; version $previous is started. Install Pitcher again."
        version=$previous
    elif [ -n "$previous" ] && [ "$previous" != "$current" ] && was_tried_enough; then
        say "Version $current did not start twice; version $previous is started again."
        fall_back
        version=$previous
    else
        version=$current
    fi
}

find_prefix || {
    say "The folder of $0 can't be found."
    exit 1
}
choose || {
    say "No version in $prefix is whole. Install Pitcher again; chats and models are kept."
    exit 1
}
program=$prefix/versions/$version/pitcher
if [ ! -x "$program" ]; then
    say "The disk with $prefix does not let programs start. Copy this folder to another disk, or \
connect the disk so that programs may start (mount option exec)."
    exit 126
fi
exec "$program" "$@"

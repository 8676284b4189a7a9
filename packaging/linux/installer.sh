#!/bin/sh
# Installs Pitcher @VERSION@ for the user who runs it, without an administrator:
#
#     sh pitcher-@VERSION@.run
#
# The program follows this text as one archive. Nothing is run before all of it was compared with
# the SHA-256 below, and nothing outside your own folders is written.
# shellcheck disable=SC2015  # what stands after "a && b ||" is meant for either that fails
set -u

version=@VERSION@
head_bytes=@HEAD_BYTES@
payload_bytes=@PAYLOAD_BYTES@
packed_start=@PACKED_START@
payload_sha256=@PAYLOAD_SHA256@
installed_bytes=@INSTALLED_BYTES@
machine=@MACHINE@
glibc=@GLIBC@
beside_bytes=33554432
# @COMMON@
# @MENU@

usage() {
    cat <<END
Installs Pitcher $version for you alone, into ~/.local. No administrator is needed.

    sh $0 [OPTION]

    --portable FOLDER   into a folder, of a stick for instance, that keeps everything beside itself
    --uninstall         remove it again; chats, models and settings stay
    --allow-downgrade   though a later version is installed
    --silent            say nothing unless something is wrong
END
}

wrong_usage() {
    printf 'pitcher: %s\n' "$1" >&2
    usage >&2
    exit 2
}

read_options() {
    portable=
    uninstall=
    allow_downgrade=
    while [ $# -gt 0 ]; do
        case $1 in
            --portable)
                [ $# -gt 1 ] && [ -n "$2" ] || wrong_usage "--portable needs a folder."
                portable=$2
                shift
                ;;
            --uninstall) uninstall=yes ;;
            --allow-downgrade) allow_downgrade=yes ;;
            --silent) silent=yes ;;
            -h | --help) usage && exit 0 ;;
            *) wrong_usage "$1 is no option." ;;
        esac
        shift
    done
    [ -z "$portable" ] || [ -z "$uninstall" ] ||
        wrong_usage "A portable copy is removed by its own pitcher-uninstall."
}

find_prefix() {
    if [ -z "$portable" ]; then
        find_homes
        prefix=$HOME/.local/lib/pitcher
        return
    fi
    case $portable in
        /*) prefix=$portable ;;
        *) prefix=$(pwd -P)/$portable ;;
    esac
}

# The archive is compared before any of it is unpacked.
check_payload() {
    self=$0
    case $self in
        */*) ;;
        *) self=./$self ;;
    esac
    [ -r "$self" ] || fail "$0 can't be read. Start it by its whole path: sh /folder/file.run"
    found=$(wc -c <"$self")
    if [ "$found" -ne $((head_bytes + payload_bytes)) ]; then
        fail "This file is not whole: it has $((found)) bytes and should have \
$((head_bytes + payload_bytes)). Get it again."
    fi
    command -v sha256sum >/dev/null 2>&1 || fail "sha256sum is missing, which is part of coreutils."
    found=$(tail -c "+$((head_bytes + 1))" -- "$self" | sha256sum)
    [ "${found%% *}" = "$payload_sha256" ] ||
        fail "This file was damaged: its SHA-256 is not the one that it was made with. Get it again."
}

# The archive's files, from standard output; a Debian without xz has it within dpkg-deb.
unpacked() {
    if command -v xz >/dev/null 2>&1; then
        tail -c "+$((head_bytes + packed_start + 1))" -- "$self" | xz -dc
    elif command -v dpkg-deb >/dev/null 2>&1; then
        tail -c "+$((head_bytes + 1))" -- "$self" | dpkg-deb --fsys-tarfile -
    else
        return 1
    fi
}

# Where nobody can tell its version, the first start says whether it is new enough.
check_libc() {
    found=$(getconf GNU_LIBC_VERSION 2>/dev/null) || return 0
    found=${found##* }
    minor=${found#*.}
    case ${found%%.*}${minor%%.*} in
        '' | *[!0-9]*) return 0 ;;
    esac
    [ "${found%%.*}" -gt "${glibc%%.*}" ] && return 0
    [ "${found%%.*}" -eq "${glibc%%.*}" ] && [ "${minor%%.*}" -ge "${glibc#*.}" ] ||
        fail "Pitcher needs a system with glibc $glibc or later, such as Debian 12, Ubuntu 22.04 or \
RHEL 9, and this one has $found."
}

check_system() {
    [ "$(uname -s)" = Linux ] || fail "This is the installer for Linux."
    [ "$(uname -m)" = "$machine" ] ||
        fail "This is the build for $machine processors, and this computer's says $(uname -m)."
    check_libc
    command -v xz >/dev/null 2>&1 || command -v dpkg-deb >/dev/null 2>&1 ||
        fail "xz is missing, with which this file is packed. Install it (xz-utils), then try again."
    command -v tar >/dev/null 2>&1 || fail "tar is missing. Install it, then try again."
}

make_prefix() {
    if [ -L "$prefix" ] && [ -z "$portable" ]; then
        fail "$prefix is a link to another folder. Remove the link, then try again."
    fi
    if [ -n "$portable" ] && [ -d "$prefix" ] && [ ! -f "$prefix/portable" ] &&
        [ -n "$(ls -A -- "$prefix")" ]; then
        fail "$prefix holds other files. Name an empty folder, such as $prefix/Pitcher."
    fi
    if ! mkdir -p -- "$prefix/versions" 2>/dev/null || [ ! -w "$prefix" ] ||
        [ ! -w "$prefix/versions" ]; then
        fail "$prefix can't be written to. See that it belongs to you and is on a disk that can be \
written to."
    fi
    prefix=$(cd -P -- "$prefix" && pwd -P && printf x) || fail "$prefix can't be entered."
    prefix=${prefix%?x}
    lock_versions
    # A portable folder is known by this from the first moment: the next run completes it.
    [ -z "$portable" ] || write_line portable "Pitcher keeps everything in data, beside this file."
}

# One file gets one line, whole or not at all.
write_line() {
    { printf '%s\n' "$2" >"$prefix/.$1.new" && mv -f -- "$prefix/.$1.new" "$prefix/$1"; } \
        2>/dev/null || no_room
}

no_room() {
    [ -z "$is_switched" ] || fail "Pitcher $version is installed, and starts as $prefix/pitcher, but \
its entry in the menu could not be written: the disk may be full. Make room, then install it again."
    fail "$prefix can't be written to: the disk may be full. What was installed before is as it was; \
make room, then try again."
}

check_room() {
    # The number before the percentage: a disk and its place may have spaces in their names.
    free=$(df -Pk -- "$prefix" | awk 'NR > 1 {
        for (i = 4; i < NF; i++) if ($i ~ /^[0-9]+%$/) { print $(i - 1); exit }
    }')
    needed=$(((installed_bytes + beside_bytes) / 1024))
    case $free in
        '' | *[!0-9]*) return ;; # a file system that does not tell
    esac
    if [ "$free" -lt "$needed" ]; then
        fail "There is too little room: $((needed / 1024)) MB are needed in $prefix, and \
$((free / 1024)) MB are free."
    fi
}

check_may_start() {
    probe=$prefix/versions/.probe
    printf '#!/bin/sh\nexit 0\n' >"$probe" && chmod 755 "$probe" || no_room
    "$probe" 2>/dev/null
    code=$?
    rm -f -- "$probe"
    [ "$code" -eq 0 ] || fail "Programs can't be started from $prefix: its disk is connected so that \
none may (mount option noexec). Use another disk, or ask whoever administers this computer."
}

# A version as a text that sorts as versions do: 0.2.0 after 0.2.0rc1, which is after 0.2.0b2.
key_of() {
    printf '%s\n' "$1" | awk '{
        kind = "z"; number = 0; text = $0
        if (match(text, /(a|b|rc)[0-9]+$/)) {
            kind = substr(text, RSTART); text = substr(text, 1, RSTART - 1)
            number = kind; gsub(/[a-z]/, "", number); gsub(/[0-9]/, "", kind)
        }
        split(text, part, ".")
        printf "%05d%05d%05d%05d%s%05d", part[1], part[2], part[3], part[4], kind, number
    }'
}

# A version that a file names, and that is whole as the start script sees it; nothing else.
named() {
    [ -f "$prefix/$1" ] || return 0
    IFS= read -r name <"$prefix/$1" || :
    case ${name-} in
        '' | .* | *[!0-9a-z.]*) return 0 ;;
    esac
    [ ! -f "$prefix/versions/$name/pitcher" ] || printf '%s' "$name"
}

check_order() {
    current=$(named current)
    previous=$(named previous)
    if [ -n "$current" ] && [ -z "$allow_downgrade" ] &&
        expr "x$(key_of "$version")" \< "x$(key_of "$current")" >/dev/null; then
        fail "Version $current is installed, which is later than $version. An older version may not \
read the chats as they are kept now; to install it all the same, add --allow-downgrade."
    fi
    if runs_below "$prefix/versions/$version"; then
        fail "Pitcher $version is open. Close it, then install it again."
    fi
}

remove_leftovers() {
    for left in "$prefix"/versions/.[!.]*; do
        [ ! -e "$left" ] && [ ! -L "$left" ] || remove_folder "$left"
    done
}

unpack() {
    part=$prefix/versions/.$version.part
    remove_leftovers
    mkdir -- "$part" || no_room
    trap 'remove_folder "$part"; exit 130' INT TERM HUP
    if ! unpacked | tar -xomf - -C "$part" 2>/dev/null ||
        [ ! -f "$part/support/whole" ]; then
        remove_folder "$part"
        no_room
    fi
    make_links
    check_program
}

# Links stand in a list: a stick's file system may have none, and then gets copies.
make_links() {
    while IFS='	' read -r link target; do
        [ -n "$link" ] || continue
        ln -s -- "$target" "$part/program/$link" 2>/dev/null && continue
        case $link in
            */*) target=${link%/*}/$target ;;
        esac
        cp -R -- "$part/program/$target" "$part/program/$link" || no_room
    done <"$part/support/links"
}

# It starts here, or is not installed at all: an old C library or a processor shows now.
check_program() {
    if ! words=$("$part/program/pitcher" --version 2>&1); then
        remove_folder "$part"
        fail "Pitcher can't start on this system; nothing was changed. It said: $words"
    fi
}

# Names in an order in which each kill leaves a version that starts; as app/updates/applying.py.
switch() {
    target=$prefix/versions/$version
    if [ -e "$target" ] || [ -L "$target" ]; then
        remove_folder "$prefix/versions/.$version.gone"
        mv -- "$target" "$prefix/versions/.$version.gone" || no_room
    fi
    mv -- "$part/program" "$target" || no_room
    sync -f "$prefix" 2>/dev/null || sync
    put_support
    if [ "$current" != "$version" ]; then
        # The current one, unless it is not whole or never started; two equal names are of a switch
        # that was cut.
        kept=$current
        if [ -n "$previous" ] && { [ -z "$kept" ] || [ -f "$prefix/tries" ]; }; then
            kept=$previous
        fi
        [ "$kept" != "$version" ] || kept=
        if [ -n "$kept" ]; then
            write_line previous "$kept"
            : >"$prefix/tries" || no_room
        else
            rm -f -- "$prefix/tries" "$prefix/previous"
        fi
        write_line current "$version"
    fi
    is_switched=yes
}

put_support() {
    for file in pitcher pitcher-uninstall; do
        cp -- "$part/support/$file" "$prefix/.$file.new" && chmod 755 "$prefix/.$file.new" &&
            mv -f -- "$prefix/.$file.new" "$prefix/$file" || no_room
    done
}

# One version before is kept; what is older goes, unless it is open.
remove_older() {
    current=$(named current)
    previous=$(named previous)
    for old in "$prefix"/versions/*; do
        [ -d "$old" ] && [ ! -L "$old" ] || continue
        case ${old##*/} in
            "$current" | "$previous") ;;
            *) runs_below "$old" || remove_folder "$old" ;;
        esac
    done
}

uninstall_all() {
    [ -f "$prefix/pitcher-uninstall" ] || fail "No Pitcher is installed in $prefix."
    if [ -n "${silent-}" ]; then
        exec sh "$prefix/pitcher-uninstall" --silent
    fi
    exec sh "$prefix/pitcher-uninstall"
}

tell_done() {
    if [ -n "$portable" ]; then
        say "Pitcher $version is in $prefix, which keeps everything: chats, models, settings. Start \
it there: ./pitcher"
        return
    fi
    kept=$(named previous)
    [ -z "$kept" ] || say "Version $kept is kept, to go back to: pitcher rollback"
    words="Pitcher $version is installed."
    [ -z "$is_in_menu" ] || words="$words It is in the menu."
    say "$words Remove it with $prefix/pitcher-uninstall"
    [ -n "${silent-}" ] || show "$words"
    case :${PATH-}: in
        *:"$bin_home":*) ;;
        *) say "In a terminal it is $bin_home/pitcher, as that folder is not in PATH." ;;
    esac
}

main() {
    is_switched=
    is_in_menu=
    read_options "$@"
    find_prefix
    [ -z "$uninstall" ] || uninstall_all
    check_system
    check_payload
    make_prefix
    check_order
    check_room
    check_may_start
    say "Installing Pitcher $version into $prefix"
    unpack
    switch
    [ -n "$portable" ] || put_into_menu
    remove_leftovers
    remove_older
    tell_done
}

main "$@"
exit $?

#!/bin/sh
# Removes the Pitcher that lies in the folder of this file, and what its installer put beside it.
# Chats, models and settings are left where they are.
# shellcheck disable=SC2015  # what stands after "a && b ||" is meant for either that fails
set -u
user_language=${LC_ALL:-${LC_MESSAGES:-${LANG-}}}
# @COMMON@

usage() {
    cat <<'END'
Removes this Pitcher. Chats, models and settings stay.

    pitcher-uninstall [--silent]

    --silent     say nothing unless something is wrong
    --from-menu  ask in a window first, as the entry in the menu does
END
}

read_options() {
    from_menu=
    for option in "$@"; do
        case $option in
            --silent) silent=yes ;;
            --from-menu) from_menu=yes ;;
            -h | --help) usage && exit 0 ;;
            *)
                usage >&2
                exit 2
                ;;
        esac
    done
}

# Asked in whichever way the desktop has; where it has none, the choice in the menu was the answer.
ask_in_window() {
    question="Remove Pitcher? Chats, models and settings stay."
    case $user_language in
        de*) question="Pitcher entfernen? Chats, Modelle und Einstellungen bleiben." ;;
    esac
    if command -v zenity >/dev/null 2>&1; then
        zenity --question --title=Pitcher --text="$question" || exit 0
    elif command -v kdialog >/dev/null 2>&1; then
        kdialog --title Pitcher --yesno "$question" || exit 0
    fi
}

find_own_folder() {
    case $0 in
        */*) own=${0%/*} ;;
        *) own=. ;;
    esac
    prefix=$(cd -P -- "$own/" && pwd -P && printf x) || fail "The folder of $0 can't be found."
    prefix=${prefix%?x}
    [ -f "$prefix/current" ] && [ ! -L "$prefix/versions" ] ||
        fail "$prefix is no folder that Pitcher's installer made. Nothing was removed."
}

remove_versions() {
    for version in "$prefix"/versions/* "$prefix"/versions/.[!.]*; do
        [ -e "$version" ] || [ -L "$version" ] || continue
        remove_folder "$version"
    done
    [ ! -e "$prefix/versions" ] || rmdir -- "$prefix/versions" 2>/dev/null ||
        fail "$prefix/versions can't be removed whole. Try again as its owner."
}

# Only what is ours: a menu entry or a link that leads elsewhere is somebody else's. Where there is no
# entry (the user deleted it, or a removal was cut short), the rest is ours all the same.
remove_from_desktop() {
    entry=$data_home/applications/pitcher.desktop
    if [ ! -e "$entry" ] || grep -qFx "X-Pitcher-Installed=yes" "$entry"; then
        rm -f -- "$data_home/mime/packages/pitcher.xml" "$entry.new"
        for icon in "$data_home"/icons/hicolor/*/apps/pitcher.png \
            "$data_home"/icons/hicolor/scalable/apps/pitcher.svg; do
            rm -f -- "$icon"
        done
        rm -f -- "$entry"
    fi
    target=$(readlink -- "$bin_home/pitcher") || return 0
    target=$(cd -P -- "${target%/*}/" 2>/dev/null && pwd -P) || return 0
    [ "$target" != "$prefix" ] || rm -f -- "$bin_home/pitcher"
}

main() {
    read_options "$@"
    find_own_folder
    is_portable=
    [ ! -f "$prefix/portable" ] || is_portable=yes
    [ -n "$is_portable" ] || find_homes
    [ -z "$from_menu" ] || ask_in_window
    lock_versions
    if runs_below "$prefix/versions"; then
        fail "Pitcher is open. Close it, then remove it again."
    fi
    [ -n "$is_portable" ] || remove_from_desktop
    remove_versions
    rm -f -- "$prefix/pitcher" "$prefix/previous" "$prefix/tries" "$prefix/fell-back" \
        "$prefix"/.*.new
    for name in current previous tries fell-back; do
        rm -f -- "$prefix/$name.partial" # what a kill left of a change of app/updates
    done
    # Last of all: a removal that was cut short is completed by the next one.
    rm -f -- "$prefix/current" "$prefix/pitcher-uninstall"
    if [ -n "$is_portable" ]; then
        say "Pitcher is removed. What it kept lies in $prefix/data."
        return
    fi
    rmdir -- "$prefix" 2>/dev/null || say "$prefix holds files that are not Pitcher's; they stay."
    tell_desktop
    say "Pitcher is removed. Chats are kept in $data_home/pitcher, models in \
$data_home/pitcher-models and, prepared, in ${XDG_CACHE_HOME:-$HOME/.cache}/pitcher, settings in \
${XDG_CONFIG_HOME:-$HOME/.config}/pitcher, the ledger in $data_home/pitcher-ledger."
    [ -z "$from_menu" ] || show "Pitcher is removed. Chats, models and settings were kept."
}

main "$@"

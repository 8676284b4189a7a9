# What installer and uninstaller share; put into both when they are built. The folder of the
# program is in `prefix`, and `data_home` and `bin_home` are the user's own.

LC_ALL=C
export LC_ALL
# They would have cd, tar and xz do something else.
unset CDPATH TAR_OPTIONS XZ_OPT XZ_DEFAULTS
# Whatever the user's mask says, nobody else may change what is installed.
umask go-w

say() {
    [ -n "${silent-}" ] || printf '%s\n' "$1"
}

fail() {
    printf 'pitcher: %s\n' "$1" >&2
    show "$1"
    exit 1
}

# Who started this from a file manager sees no terminal, but a desktop's notices.
show() {
    if [ ! -t 2 ] && [ -n "${DBUS_SESSION_BUS_ADDRESS-}" ] && command -v notify-send >/dev/null 2>&1
    then
        notify-send Pitcher "$1" 2>/dev/null || :
    fi
}

# Where a user's programs, menu entries and icons lie.
find_homes() {
    case ${HOME-} in
        /*) [ -d "$HOME" ] || fail "HOME names the folder $HOME, which is not there." ;;
        '') fail "HOME is not set, so it can't be told where your own programs lie. Set it to your \
home folder, then try again." ;;
        *) fail "HOME is $HOME, which is no whole path. Set it to your home folder, then try again." ;;
    esac
    case ${XDG_DATA_HOME-} in
        /*) data_home=$XDG_DATA_HOME ;;
        *) data_home=$HOME/.local/share ;;
    esac
    bin_home=$HOME/.local/bin
}

# Whether a process of this user runs a program below a folder, as the system tells it.
runs_below() {
    case $1 in
        *'
'*) ;; # it would be two patterns for grep
        *)
            # One call for all processes; another user's are not told of.
            # shellcheck disable=SC2010  # a loop would start a readlink for each process
            ls -ld /proc/[0-9]*/exe 2>/dev/null | grep -qF -- "-> $1/"
            return
            ;;
    esac
    for process in /proc/[0-9]*; do
        exe=$(readlink "$process/exe" 2>/dev/null) || continue
        case $exe in
            "$1"/*) return 0 ;;
        esac
    done
    return 1
}

# One at a time changes what is installed: the lock that the program itself takes (app/updates).
lock_versions() {
    [ -d "$prefix/versions" ] && command -v flock >/dev/null 2>&1 || return 0
    exec 9<"$prefix/versions"
    flock -n 9 || fail "Pitcher's versions are being changed just now. Wait for it, then try again."
}

# A folder is removed with what lies in it, a link never followed: not below, and not itself.
remove_folder() {
    if [ -L "$1" ] || [ ! -d "$1" ]; then
        rm -f -- "$1"
    else
        rm -rf -- "$1"
    fi
}

# Menus and types of files are looked at anew, where the desktop has something for that.
tell_desktop() {
    if command -v update-desktop-database >/dev/null 2>&1; then
        update-desktop-database -q "$data_home/applications" 2>/dev/null || :
    fi
    if command -v update-mime-database >/dev/null 2>&1 && [ -d "$data_home/mime/packages" ]; then
        update-mime-database "$data_home/mime" >/dev/null 2>&1 || :
    fi
    if command -v gtk-update-icon-cache >/dev/null 2>&1; then
        gtk-update-icon-cache -q -t "$data_home/icons/hicolor" >/dev/null 2>&1 || :
    fi
}

# What the installer puts into the user's own menu, types of files and PATH; put into it when it is
# built. What was unpacked lies in `part`.

# A path as an argument of Exec, in a desktop entry's two levels of quoting.
for_exec() {
    printf '%s' "$1" | sed -e 's/[\\"`$]/\\&/g' -e 's/\\/\\\\/g' -e 's/%/%%/g'
}

put_into_menu() {
    share=$part/support/share
    mkdir -p -- "$data_home/applications" "$data_home/mime/packages" "$bin_home" 2>/dev/null || {
        say "No entry was made in the menu: $data_home can't be written to."
        return
    }
    put_icons
    cp -- "$share/mime/packages/pitcher.xml" "$data_home/mime/packages/pitcher.xml" || no_room
    case $prefix in
        *'
'*) say "No entry was made in the menu, as no entry can hold the name of your home folder." ;;
        *) put_entry ;;
    esac
    link=$bin_home/pitcher
    if [ -L "$link" ] || [ ! -e "$link" ]; then
        ln -sfn -- "$prefix/pitcher" "$link" || no_room
    else
        say "$link is somebody else's and stays; start Pitcher from the menu, or as $prefix/pitcher"
    fi
    tell_desktop
}

put_icons() {
    (cd -- "$share/icons" && find . -type f) | while IFS= read -r icon; do
        mkdir -p -- "$data_home/icons/${icon%/*}" &&
            cp -- "$share/icons/$icon" "$data_home/icons/$icon" || exit 1
    done || no_room
}

put_entry() {
    program=$(for_exec "$prefix/pitcher")
    remover=$(for_exec "$prefix/pitcher-uninstall")
    entry=$data_home/applications/pitcher.desktop
    while IFS= read -r line; do
        case $line in
            Exec=*) printf 'Exec="%s" %%F\n' "$program" ;;
            TryExec=*) ;;
            *) printf '%s\n' "$line" ;;
        esac
    done 2>/dev/null <"$share/applications/pitcher.desktop" >"$entry.new" || no_room
    cat 2>/dev/null >>"$entry.new" <<END || no_room
Actions=uninstall;
X-Pitcher-Installed=yes

[Desktop Action uninstall]
Name=Uninstall Pitcher
Name[de]=Pitcher entfernen
Exec="$remover" --from-menu
END
    mv -f -- "$entry.new" "$entry" || no_room
    is_in_menu=yes
}

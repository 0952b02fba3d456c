#!/bin/sh
# Install Wordlight for yourself, without being an administrator:   sh install.sh
# Take it away again, your transcripts stay:                        sh install.sh --remove
set -eu
here=$(cd "$(dirname "$0")" && pwd)
share=${XDG_DATA_HOME:-$HOME/.local/share}
program=$HOME/.local/lib/wordlight
command=$HOME/.local/bin/wordlight
id=@ID@

refresh() {
    # So that the desktop sees it at once; none of these is needed.
    update-desktop-database "$share/applications" 2>/dev/null || true
    update-mime-database "$share/mime" 2>/dev/null || true
    gtk-update-icon-cache -q -t "$share/icons/hicolor" 2>/dev/null || true
}

remove() {
    rm -rf "$program"
    rm -f "$command" "$share/applications/$id.desktop" "$share/metainfo/$id.metainfo.xml" \
        "$share/mime/packages/$id.xml" "$share/man/man1/wordlight.1"
    for icon in "$share"/icons/hicolor/*/apps/"$id".*; do rm -f "$icon"; done
}

if [ "${1:-}" = "--remove" ]; then
    remove
    refresh
    echo "Wordlight is gone. Your transcripts are still in $share/Wordlight."
    exit 0
fi

mkdir -p "$HOME/.local/lib" "$HOME/.local/bin" "$share"
# The new one is copied whole before the old one goes.
new=$program.new
rm -rf "$new"
cp -R "$here/wordlight" "$new" || {
    rm -rf "$new"
    echo "There is no room for Wordlight in $HOME/.local/lib; nothing was changed." >&2
    exit 1
}
remove
mv "$new" "$program"
cp "$here/install.sh" "$program/install.sh"
ln -s "$program/wordlight" "$command"
(cd "$here/share" && find . -type d) | while read -r folder; do mkdir -p "$share/$folder"; done
(cd "$here/share" && find . -type f) | while read -r file; do cp "$here/share/$file" "$share/$file"; done
# A desktop file's quotes keep a path with spaces whole; what they mean else is marked.
quoted=$(printf '%s' "$program/wordlight" | sed -e 's/\\/\\\\\\\\/g' -e 's/["`$]/\\\\&/g' -e 's/%/%%/g')
while IFS= read -r line; do
    case $line in
        Exec=*) printf 'Exec="%s" %%F\n' "$quoted" ;;
        *) printf '%s\n' "$line" ;;
    esac
done < "$here/share/applications/$id.desktop" > "$share/applications/$id.desktop"
refresh
echo "Wordlight is installed. Start it from the menu of programs, or as $command."
echo "To take it away again: sh \"$program/install.sh\" --remove"
lacking=$(
    for part in ffmpeg PySide6/Qt/lib/libQt6Multimedia.so.6 PySide6/Qt/plugins/platforms/libqxcb.so; do
        LD_LIBRARY_PATH=$program/lib ldd "$program/lib/$part" 2>/dev/null || true
    done | sed -n 's/^[[:space:]]*\([^ ]*\) => not found.*/\1/p' | sort -u
)
if [ -n "$lacking" ]; then
    echo "It needs some libraries of your system that are not there; install the packages that have them:"
    echo "$lacking"
fi

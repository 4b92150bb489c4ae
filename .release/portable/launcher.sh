#!/bin/sh
# kairos @VERSION@ for @PLATFORM@. This script ends at line @LAST_LINE@; a tar.gz with the runtime and the
# program follows. The first start unpacks it into a cache folder. Every start checks that folder,
# then becomes the runtime in it: process id, signals, streams and exit code are the program's own.

id='@ID@'
files='@FILES@'
sizes='@SIZES@'

# Whether $home holds every file at its size and nobody else could have put anything there.
# One `ls` tells all; a dash in columns 6 and 9 of a mode means no writing for group and others.
intact() {
  [ -O "$root" ] && [ ! -L "$root" ] && [ -O "$home" ] && [ ! -L "$home" ] &&
    [ -x "$home/deno" ] || return 1
  # shellcheck disable=SC2046,SC2086
  set -- $(
    unset BLOCK_SIZE BLOCKSIZE LS_BLOCK_SIZE QUOTING_STYLE TIME_STYLE
    LC_ALL=C
    export LC_ALL
    cd "$home" && exec ls -lnd .. . $files 2>/dev/null
  )
  owner=$3
  found=
  while [ $# -ge 9 ]; do
    case "$3 $1" in
      "$owner "d????-??-?*) ;;
      "$owner "-????-??-?*) found="$found $5" ;;
      *) return 1 ;;
    esac
    shift 9
  done
  [ "$found" = " $sizes" ]
}

# Whether a folder is ours and closed to the writing of others.
own() {
  [ -O "$1" ] && [ ! -L "$1" ] && case $(ls -ld "$1") in d????-??-?*) ;; *) false ;; esac
}

# Unpacks beside $home and moves file by file. Starts that do this at the same time replace files by
# equal ones; none of them ever finds a file cut or, once it was there, missing.
unpack() (
  umask 077
  mkdir -p "${root%/*}" && { [ -d "$root" ] || mkdir "$root" || [ -d "$root" ]; } && own "$root" &&
    { [ -d "$home" ] || mkdir "$home" || [ -d "$home" ]; } && own "$home" &&
    fresh=$(mktemp -d "$root/.unpack.XXXXXX") || exit 1
  trap 'rm -rf "$fresh"' 0
  trap 'exit 1' 1 2 13 15
  tail -n +@FIRST_LINE@ "$0" | tar -xzof - -C "$fresh" && mv -f "$fresh"/* "$home/"
)

# The folder of the user's caches, else one of our own in the folder for temporary files.
for step in intact unpack; do
  for place in "${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}" "${TMPDIR:-/tmp}"; do
    case $place in /*) ;; *) continue ;; esac
    root=$place/kairos
    [ "$place" != "${TMPDIR:-/tmp}" ] || root=$root-$(id -u)
    home=$root/$id
    [ "$step" = intact ] || unpack 2>/dev/null
    intact || continue
    DENO_DIR=$home/.deno DENO_NO_UPDATE_CHECK=1
    export DENO_DIR DENO_NO_UPDATE_CHECK
    exec "$home/deno" run @FLAGS@ "$home/@ENTRY@" "$@"
  done
done
echo 'Error: Cannot start kairos: found no cache folder to unpack it to
Set XDG_CACHE_HOME to a folder of your own with 120 MB free, on a disk that may hold programs' >&2
exit 1

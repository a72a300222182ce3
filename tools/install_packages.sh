#!/bin/bash
# Installs the Debian packages of the named sections of packaging/debian-packages.txt that are
# missing; does nothing, and asks for no right, when all are there.
#
#   tools/install_packages.sh build test
#
# Needs root or sudo only when something is missing. Debian's scripts start no service meanwhile.
set -euo pipefail

list="$(dirname "$(readlink -f "$0")")/../packaging/debian-packages.txt"
[ $# -gt 0 ] || { echo "usage: $0 SECTION..." >&2; exit 2; }

# The packages of one section, one a line.
section() {
    awk -v want="[$1]" '
        { sub(/#.*/, ""); gsub(/[ \t]/, "") }
        /^\[/ { inside = ($0 == want); found = found || inside; next }
        inside && $0 != "" { print }
        END { exit !found }' "$list"
}

# What installed packages say they stand in for, each between blanks (Debian policy 7.5): another
# builder's nodejs brings npm.
provided=" $(dpkg-query -W -f '${db:Status-Status} ${Provides}\n' |
    sed -n 's/^installed //p' | sed 's/([^)]*)//g' | tr -s ', \n' ' ') "

missing=()
for name in "$@"; do
    packages="$(section "$name")" || { echo "$0: no section [$name] in $list" >&2; exit 2; }
    for package in $packages; do
        state="$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)"
        [ "$state" = installed ] && continue
        case "$provided" in *" $package "*) continue ;; esac
        missing+=("$package")
    done
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "missing packages: ${missing[*]}" >&2
        echo "neither root nor sudo: install them, then start again" >&2
        exit 1
    }
    as_root=(sudo)
fi

# invoke-rc.d asks this file; 101 means "start nothing" (Debian policy 9.3.3.2, policy-rc.d). One
# that was there before comes back at the end.
guard=/usr/sbin/policy-rc.d
kept="$guard.hauspost-kept"
restore_guard() {
    "${as_root[@]}" rm -f "$guard"
    if "${as_root[@]}" test -e "$kept"; then "${as_root[@]}" mv "$kept" "$guard"; fi
}
trap restore_guard EXIT
# One with our mark is left from a run that was killed; it is not worth keeping.
mark='hauspost: start nothing during installation'
if "${as_root[@]}" test -e "$guard" && ! "${as_root[@]}" grep -q "$mark" "$guard"; then
    "${as_root[@]}" mv "$guard" "$kept"
fi
printf '#!/bin/sh\n# %s\nexit 101\n' "$mark" | "${as_root[@]}" tee "$guard" >/dev/null
"${as_root[@]}" chmod 755 "$guard"

echo "installing: ${missing[*]}"
case " ${missing[*]} " in *" postfix "*)
    # Its package asks what kind of mail host this is; the tests bring their own configuration.
    if "${as_root[@]}" sh -c 'command -v debconf-set-selections' >/dev/null; then
        echo "postfix postfix/main_mailer_type select No configuration" |
            "${as_root[@]}" debconf-set-selections
    fi ;;
esac
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y
    -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
"${apt[@]}" update >/dev/null
"${apt[@]}" install --no-install-recommends "${missing[@]}" >/dev/null

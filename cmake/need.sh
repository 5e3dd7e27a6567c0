# SPDX-License-Identifier: MIT
# Sourced by the commands that a newcomer types: `need PACKAGE...` installs the Debian packages that
# are missing, as root or with sudo, or says what to install. Nothing missing: no package manager is
# touched. LFQ_NO_INSTALL=1 skips.
need() {
  [ -z "${LFQ_NO_INSTALL-}" ] || return 0
  missing=
  for package in "$@"; do
    state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || state=unknown
    [ "$state" = installed ] || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "This system has no apt-get. Install the equivalents of these Debian packages:$missing" >&2
    echo "Then run this again with LFQ_NO_INSTALL=1." >&2
    exit 1
  fi
  as_root=
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "There is no sudo. As root, first run: apt-get install$missing" >&2
      exit 1
    fi
    as_root=sudo
  fi
  echo "Installing$missing" >&2
  # Word splitting of $missing is meant.
  $as_root apt-get update -qq >&2 || exit 1
  $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends $missing >/dev/null || exit 1
}

# As many compilers as cores, fewer where a core has less than 2 GiB to itself.
parallel_jobs() {
  cores=$(nproc 2>/dev/null || echo 1)
  by_memory=$(awk '/^MemAvailable:/ { print int($2 / 2097152) }' /proc/meminfo 2>/dev/null)
  jobs=${by_memory:-1}
  [ "$jobs" -le "$cores" ] || jobs=$cores
  [ "$jobs" -ge 1 ] || jobs=1
  echo "$jobs"
}

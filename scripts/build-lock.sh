# Lets one build at a time into a checkout. Sourced by ./roomcast and ./verify. POSIX sh.
#
#   build_lock ROOT     returns when this process alone may build
#   build_unlock        gives that up; without effect when it has not been got
#
# A directory, since making one is atomic everywhere. It holds the owner's process id: a lock whose
# owner has died is taken over.

build_lock_dir=

build_lock() {
  mkdir -p "$1/target" || return 1
  _lock="$1/target/build.lock"
  _told=
  while ! mkdir "$_lock" 2>/dev/null; do
    if [ ! -d "$_lock" ] && [ ! -w "$1/target" ]; then
      echo "cannot write to $1/target" >&2
      return 1
    fi
    _owner=$(cat "$_lock/pid" 2>/dev/null) || _owner=
    if [ -n "$_owner" ] && ! kill -0 "$_owner" 2>/dev/null; then
      # Renamed first: of several who saw the owner dead only one gets it.
      mv "$_lock" "$_lock.$$" 2>/dev/null && rm -rf "$_lock.$$"
      continue
    fi
    if [ -z "$_told" ]; then
      echo "another build is under way${_owner:+ (process $_owner)}; waiting for it" >&2
      _told=1
    fi
    sleep 1
  done
  echo $$ >"$_lock/pid"
  build_lock_dir=$_lock
}

build_unlock() {
  if [ -n "$build_lock_dir" ]; then
    rm -rf "$build_lock_dir"
    build_lock_dir=
  fi
}

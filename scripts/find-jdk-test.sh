#!/bin/sh
# Tests find-jdk.sh against JDKs that are only named so. ./verify runs it. Versions from 90 on, since the
# machine's own JDKs are looked at too.
set -eu

scripts=$(cd -P "$(dirname "$0")" && pwd)
. "$scripts/find-jdk.sh"

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
HOME="$place/a home"
failed=0

# jdk DIR VERSION COMMAND...
jdk() {
  mkdir -p "$1/bin"
  printf 'IMPLEMENTOR="nobody"\nJAVA_VERSION="%s"\n' "$2" >"$1/release"
  dir=$1
  shift 2
  for name; do
    printf '#!/bin/sh\n' >"$dir/bin/$name"
    chmod +x "$dir/bin/$name"
  done
}

# expect WHAT EXPECTED ACTUAL
expect() {
  if [ "$2" != "$3" ]; then
    echo "find-jdk: $1: expected '$2', got '$3'" >&2
    failed=1
  fi
}

jdk "$HOME/.jdks/ninety" 90.0.1 java javac
jdk "$HOME/.jdks/newer" 91-ea java javac
jdk "$HOME/.jdks/newest without javac" 92 java
jdk "$place/home" 90 java javac
jdk "$place/in path" 95.1 java javac
jdk "$place/old" 1.8.0_402 java javac
unset JAVA_HOME
path=$PATH

expect 'major of an old version' 8 "$(jdk_major "$place/old")"
expect 'major of an early access version' 91 "$(jdk_major "$HOME/.jdks/newer")"
expect 'the newest that fits' "$HOME/.jdks/newest without javac" "$(find_jdk 90 java)"
expect 'the newest that can build' "$HOME/.jdks/newer" "$(find_jdk 90 javac)"
expect 'none is new enough' '' "$(find_jdk 99 java || true)"

mkdir "$place/bin"
ln -s "$place/in path/bin/java" "$place/bin/java"
PATH=$place/bin:$path
expect 'java in PATH, through a link' "$place/in path" "$(find_jdk 90 javac)"

JAVA_HOME=$place/home
expect 'JAVA_HOME before PATH' "$place/home" "$(find_jdk 90 java)"
expect 'a JAVA_HOME that is too old' "$place/in path" "$(find_jdk 91 java)"
JAVA_HOME=$place/nowhere
expect 'a JAVA_HOME that is no JDK' "$place/in path" "$(find_jdk 90 java)"
case $(jdks_seen) in
  *"no bin/java in JAVA_HOME=$place/nowhere"*"92 ($HOME/.jdks/newest without javac, without javac)"*) ;;
  *) expect 'what was seen' 'JAVA_HOME and the JDK without javac' "$(jdks_seen)" ;;
esac

[ "$failed" -eq 0 ] && echo 'find-jdk: well'

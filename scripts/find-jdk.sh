# Finds a JDK and Maven for ./roomcast and ./verify, which source this file. POSIX sh.
#
#   find_jdk MIN java|javac   prints the home of a JDK of at least MIN that has the command
#   find_maven MIN            prints the path of an mvn of at least MIN
#   jdk_major HOME            prints the major version of the JDK at HOME
#   jdks_seen, maven_seen     say in one line what there is, for messages
#
# The order: JAVA_HOME, then java in PATH, then the newest in the usual places.

# Reads the release file, which every JDK since 9 has; asks java itself only without one.
jdk_major() {
  _version=
  if [ -r "$1/release" ]; then
    _version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9._]*\).*/\1/p' "$1/release" | head -n 1)
  fi
  if [ -z "$_version" ]; then
    _version=$("$1/bin/java" -version 2>&1 </dev/null |
      sed -n 's/.* version "\{0,1\}\([0-9._]*\).*/\1/p' | head -n 1)
  fi
  case $_version in
    1.*) _version=${_version#1.} ;;
  esac
  _version=${_version%%[!0-9]*}
  echo "${_version:-0}"
}

# The home of the java in PATH, through its symbolic links.
jdk_in_path() {
  _java=$(command -v java) || return 1
  _real=$(readlink -f "$_java" 2>/dev/null) || _real=$_java
  _home=$(dirname "$(dirname "$_real")")
  if [ ! -r "$_home/release" ]; then
    # A wrapper, such as the one of macOS: only Java knows where it lives.
    _home=$("$_java" -XshowSettings:properties -version 2>&1 </dev/null |
      sed -n 's/^ *java\.home = //p')
  fi
  [ -n "$_home" ] && [ -x "$_home/bin/java" ] && echo "$_home"
}

jdk_places() {
  for _dir in /usr/lib/jvm/* /opt/*jdk* /opt/java/* "${HOME:-}"/.sdkman/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/.jdks/* \
    "${HOME:-}"/.jdks/*/Contents/Home; do
    if [ -x "$_dir/bin/java" ]; then
      echo "$_dir"
    fi
  done
}

# MIN COMMAND HOME
jdk_fits() {
  [ -n "$3" ] && [ -x "$3/bin/java" ] && [ -x "$3/bin/$2" ] && [ "$(jdk_major "$3")" -ge "$1" ]
}

find_jdk() {
  if jdk_fits "$1" "$2" "${JAVA_HOME:-}"; then
    echo "$JAVA_HOME"
    return
  fi
  _path_home=$(jdk_in_path) || _path_home=
  if jdk_fits "$1" "$2" "$_path_home"; then
    echo "$_path_home"
    return
  fi
  jdk_places | {
    _best=
    _best_major=0
    while IFS= read -r _place; do
      if jdk_fits "$1" "$2" "$_place" && [ "$(jdk_major "$_place")" -gt "$_best_major" ]; then
        _best=$_place
        _best_major=$(jdk_major "$_place")
      fi
    done
    [ -n "$_best" ] && echo "$_best"
  }
}

jdks_seen() {
  {
    if [ -n "${JAVA_HOME:-}" ]; then
      if [ -x "$JAVA_HOME/bin/java" ]; then
        echo "$(jdk_major "$JAVA_HOME") (JAVA_HOME=$JAVA_HOME)"
      else
        echo "no bin/java in JAVA_HOME=$JAVA_HOME"
      fi
    fi
    if _path_home=$(jdk_in_path); then
      echo "$(jdk_major "$_path_home") (java in PATH, $_path_home)"
    fi
    jdk_places | while IFS= read -r _place; do
      if [ -x "$_place/bin/javac" ]; then
        echo "$(jdk_major "$_place") ($_place)"
      else
        echo "$(jdk_major "$_place") ($_place, without javac)"
      fi
    done
  } | {
    _seen=
    while IFS= read -r _line; do
      _seen="$_seen${_seen:+, }$_line"
    done
    echo "${_seen:-none}"
  }
}

# The places to look at, as people write them.
jdk_where='JAVA_HOME, java in PATH, /usr/lib/jvm/*, /opt/*jdk*, /opt/java/*, ~/.sdkman/candidates/java/*, /Library/Java/JavaVirtualMachines/*, ~/.jdks/*'

maven_places() {
  command -v mvn
  for _mvn in "${MAVEN_HOME:-}/bin/mvn" "${M2_HOME:-}/bin/mvn" /opt/*maven*/bin/mvn \
    /usr/share/maven/bin/mvn "${HOME:-}"/.sdkman/candidates/maven/current/bin/mvn \
    /opt/homebrew/bin/mvn /usr/local/bin/mvn; do
    if [ -x "$_mvn" ]; then
      echo "$_mvn"
    fi
  done
}

# Runs Maven, and so needs a Java: JAVA_HOME is the caller's to set.
maven_version() {
  "$1" -B -v 2>/dev/null </dev/null |
    sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p' | head -n 1
}

# A.B.C as one number, to compare.
version_number() {
  echo "$1" | awk -F. '{ print $1 * 1000000 + $2 * 1000 + $3 }'
}

find_maven() {
  maven_places | {
    while IFS= read -r _mvn; do
      _version=$(maven_version "$_mvn")
      if [ -n "$_version" ] &&
        [ "$(version_number "$_version")" -ge "$(version_number "$1")" ]; then
        echo "$_mvn"
        exit 0
      fi
    done
    exit 1
  }
}

maven_seen() {
  maven_places | {
    _seen=
    while IFS= read -r _mvn; do
      _version=$(maven_version "$_mvn")
      _seen="$_seen${_seen:+, }${_version:-unusable} ($_mvn)"
    done
    echo "${_seen:-none}"
  }
}

# The JDK and Maven that build Roomcast, into BUILD_JDK and MVN; or a message and status 1.
find_build_tools() {
  if ! BUILD_JDK=$(find_jdk 25 javac); then
    cat >&2 <<END
Building Roomcast needs a JDK of version 25 or newer (running it: 21 or newer), and none was found.
  looked in: $jdk_where
  found:     $(jdks_seen)
Install one, from your system's packages (openjdk-25-jdk-headless) or from https://adoptium.net,
or set JAVA_HOME to one that is somewhere else.
END
    return 1
  fi
  if ! MVN=$(JAVA_HOME=$BUILD_JDK && export JAVA_HOME && find_maven 3.8.7); then
    cat >&2 <<END
Building Roomcast needs Maven 3.8.7 or newer, and none was found.
  looked in: PATH, MAVEN_HOME, M2_HOME, /opt/*maven*, /usr/share/maven, ~/.sdkman, Homebrew
  found:     $(JAVA_HOME=$BUILD_JDK && export JAVA_HOME && maven_seen)
Install it, from your system's packages (maven) or from https://maven.apache.org.
END
    return 1
  fi
}

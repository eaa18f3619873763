# How to start the server of the tests that answers every message with itself, for programs that try the
# product's WebSocket. Sourced, after scripts/find-jdk.sh and its find_build_tools. POSIX sh.
#
#   echo_command ROOT    builds it; sets ECHO_COMMAND, a word a line; to be followed by PORT [deflate]
. "$root/scripts/build-lock.sh"

echo_command() {
  build_lock "$1"
  trap build_unlock EXIT
  (cd "$1" && JAVA_HOME=$BUILD_JDK "$MVN" -B -q -ntp -pl server -am -Dspotless.check.skip=true test-compile \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
    -Dmdep.outputFile=target/echo.classpath -Dmdep.includeScope=test </dev/null >&2)
  build_unlock
  trap - EXIT
  ECHO_COMMAND="$BUILD_JDK/bin/java
--enable-native-access=ALL-UNNAMED
--sun-misc-unsafe-memory-access=allow
-Dio.netty.leakDetection.level=disabled
-cp
$1/server/target/test-classes:$1/server/target/classes:$(cat "$1/server/target/echo.classpath")
io.roomcast.websocket.EchoServer"
}

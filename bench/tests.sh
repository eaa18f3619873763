# How to start what stands among the server's tests, for programs below bench/. Sourced, after
# scripts/find-jdk.sh and its find_build_tools, with $root at the checkout. POSIX sh.
#
#   test_classpath ROOT   builds the tests; sets TEST_CLASSPATH
#   echo_command ROOT     the same; sets ECHO_COMMAND, a word a line: the server that answers every message
#                         with itself, to be followed by PORT [deflate]
. "$root/scripts/build-lock.sh"

test_classpath() {
  build_lock "$1"
  trap build_unlock EXIT
  (cd "$1" && JAVA_HOME=$BUILD_JDK "$MVN" -B -q -ntp -pl server -am -Dspotless.check.skip=true test-compile \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
    -Dmdep.outputFile=target/tests.classpath -Dmdep.includeScope=test </dev/null >&2)
  build_unlock
  trap - EXIT
  TEST_CLASSPATH=$1/server/target/test-classes:$1/server/target/classes:$(cat "$1/server/target/tests.classpath")
}

echo_command() {
  test_classpath "$1"
  ECHO_COMMAND="$BUILD_JDK/bin/java
--enable-native-access=ALL-UNNAMED
--sun-misc-unsafe-memory-access=allow
-Dio.netty.leakDetection.level=disabled
-cp
$TEST_CLASSPATH
io.roomcast.websocket.EchoServer"
}

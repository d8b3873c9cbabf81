# The words of the guest's scripts.

# check CASE ARGUMENT…: one run of the unmodified program; its report becomes a line of the reports. `shell` may hold the shell of
# another user.
check() {
  name=$1
  shift
  report=$(${shell:-sh -c} "timeout 40 precall-test --format json --quiet --deadline 20 $*" 2>/tmp/errors | tr -d '\n')
  printf '%s\t%s\n' "$name" "${report:-$(tr '\n' ' ' </tmp/errors)}" >/dev/ttyS1
  echo "$name, $(cut -d' ' -f1 /proc/uptime) s"
}

camera() { check "$@" --only camera; }

# await CONDITION: waits until a command succeeds, ten seconds at most.
await() {
  for _ in $(seq 200); do
    "$@" && return
    sleep 0.05
  done
  echo "waited for $* in vain"
}

# Runs a command half a second after the program has mapped the driver's buffers.
meanwhile() {
  await streams
  sleep 0.5
  "$@"
}
streams() { program=$(pidof precall-test) && grep -qs /dev/video "/proc/$program/maps"; }

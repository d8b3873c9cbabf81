# The words of the guest's scripts with a sound server.
. /guest/check.sh
mkdir -p -m 700 /tmp/user/pulse
export XDG_RUNTIME_DIR=/tmp/user PULSE_RUNTIME_PATH=/tmp/user/pulse PULSE_SERVER=unix:/tmp/user/pulse/native
libraries=/usr/lib/x86_64-linux-gnu/pulseaudio:$(echo /usr/lib/pulse-*/modules)
serve() {
  LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$libraries pulseaudio -n --daemonize=no --exit-idle-time=-1 --use-pid-file=no --realtime=no \
    --high-priority=no --log-target=file:/tmp/pulse.log -L "module-native-protocol-unix socket=/tmp/user/pulse/native" "$@" &
  server=$!
  await answers
}
answers() { pactl info >/dev/null 2>&1; }
source_of() { pactl list short sources | grep -v monitor | grep "$1" | cut -f2; }
# microphone CASE ARGUMENT…
microphone() {
  name=sound-$1
  shift
  check "$name" "$@" --only microphone
}

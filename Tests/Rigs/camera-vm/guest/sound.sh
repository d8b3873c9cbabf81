# Real sound cards with PulseAudio: the loopback card, whose microphone hears what is played to its other end, and the dummy card.
. /guest/sound-server.sh
modprobe snd-aloop pcm_substreams=1
modprobe snd-dummy
streams() { pactl list short source-outputs | grep -q .; }
talk() { while aplay -q -D plughw:0,1 /speech.wav; do :; done; }

arecord -q -D hw:0,0 -f S16_LE -c 2 -r 44100 /dev/null & holder=$!
sleep 0.5
serve -L "module-alsa-card device_id=0 name=loop"
microphone held
# The sound server is root's, and so is its directory.
shell="su -s /bin/sh nobody -c" microphone wrong-user
(unset PULSE_SERVER PULSE_RUNTIME_PATH; shell="su -s /bin/sh nobody -c" microphone other-user)
kill $holder $server
wait $holder $server

serve -L "module-alsa-card device_id=0 name=loop" -L "module-alsa-card device_id=1 name=dummy"
loop=$(source_of loop) dummy=$(source_of dummy)
pactl set-default-source "$loop"
microphone silent
talk & talker=$!
microphone speech
pactl set-source-mute "$loop" 1; microphone muted; pactl set-source-mute "$loop" 0
pactl set-source-volume "$loop" 0; microphone volume-zero
pactl set-source-volume "$loop" 25%; microphone quiet
pactl set-source-volume "$loop" 100%
microphone dummy-as-found --source "$dummy"
pactl set-source-mute "$dummy" 0; pactl set-source-volume "$dummy" 100%
pactl set-source-port "$dummy" analog-input-linein; microphone line-in --source "$dummy"
pactl set-default-source alsa_output.dummy.stereo-fallback.monitor; microphone default-is-monitor
pactl set-default-source "$loop"
microphone no-such-source --source Logitech
pactl set-card-profile alsa_card.dummy off
pactl set-card-profile alsa_card.loop output:analog-stereo; microphone profile-without-input
pactl set-card-profile alsa_card.loop off; microphone profile-off

# Unplugging takes a card that nobody plays to.
kill $talker $server
killall aplay
wait $talker $server
serve -L "module-alsa-card device_id=0 name=loop" -L "module-alsa-card device_id=1 name=dummy"
loop=$(source_of loop)
unbind() { echo snd_aloop.0 >/sys/bus/platform/drivers/snd_aloop/unbind; }
meanwhile unbind & other=$!
microphone unbound --source "$loop"
wait $other
microphone after-unbound
kill $server
wait $server
microphone no-server
rmmod snd-dummy snd-aloop

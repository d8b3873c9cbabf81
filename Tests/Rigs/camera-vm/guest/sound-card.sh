# Sound cards of real PCs, as qemu makes them: an HDA codec with a socket for a line, and an AC97 codec that chooses between a
# microphone and a line. Nothing is spoken into them.
. /guest/sound-server.sh
modprobe snd-intel8x0 index=0
modprobe snd-hda-codec-generic
modprobe snd-hda-intel index=1
await test -e /dev/snd/pcmC1D0c
# Neither codec knows what is plugged in. A control of that name is what the sound server looks at: here a program has made it, where
# a driver makes it for a codec that knows.
cat >/tmp/jack <<END
state.$(cat /proc/asound/card0/id) {
  control.1 { iface CARD name 'Mic Jack' value true comment { access 'read write user' type BOOLEAN count 1 } }
}
END
alsactl -F -I -U -f /tmp/jack restore 0 2>/dev/null
jack() { amixer -q -c 0 cset "iface=CARD,name='Mic Jack'" "$1"; }

serve -L "module-alsa-card device_id=0 name=ac97" -L "module-alsa-card device_id=1 name=hda"
ac97=$(source_of ac97) hda=$(source_of hda)
pactl set-default-source "$ac97"
pactl set-default-sink alsa_output.ac97.analog-stereo
pactl set-sink-mute @DEFAULT_SINK@ 0; pactl set-sink-volume @DEFAULT_SINK@ 100%
printf 'devices\t%s\n' "$(precall-test devices --format plain | tr '\n\t' '; ')" >/dev/ttyS1
microphone card-as-found --source "$hda"
pactl set-source-mute "$ac97" 0; pactl set-source-volume "$ac97" 100%
microphone card-plugged
jack off
# The sound server would take the other card now by itself.
microphone card-unplugged --source "$ac97"
pactl set-source-port "$ac97" analog-input-linein
microphone card-line-in
kill $server
wait $server

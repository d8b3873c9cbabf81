# A Wi-Fi of two radios of the kernel's own (mac80211_hwsim): an access point with our server behind it, in a network of
# its own, and this computer.
. /guest/check.sh
mount -t debugfs none /sys/kernel/debug
modprobe mac80211_hwsim radios=2
unshare -n sh -c 'echo $$ >/tmp/point; exec sleep 1000' &
await test -s /tmp/point
iw phy phy0 set netns "$(cat /tmp/point)"
behind() { nsenter -t "$(cat /tmp/point)" -n "$@"; }
printf '%s\n' interface=wlan0 ssid=precall channel=1 hw_mode=g ieee80211n=1 >/tmp/hostapd.conf
behind hostapd -B /tmp/hostapd.conf
behind ip address add 10.9.0.1/24 dev wlan0
behind precall-server --host 10.9.0.1 --port 8080 >/tmp/server 2>&1 &
ip link set wlan1 up
iw dev wlan1 connect precall
ip address add 10.9.0.2/24 dev wlan1
await wget -q -O /dev/null http://10.9.0.1:8080/readyz 2>/dev/null
cat /tmp/server

# What `iw` tells right after us.
wifi() {
  check "$1" http://10.9.0.1:8080 --only network
  printf '%s-iw\t%s\n' "$1" "$(iw dev wlan1 station dump | tr '\n\t' '  ')" >/dev/ttyS1
}
wifi near
# As from some rooms away: the air between the radios; older kernels read a number below zero as one of 64 bits.
air=/sys/kernel/debug/ieee80211/phy0/hwsim/rx_rssi
echo -100 >$air 2>/dev/null || echo 18446744073709551516 >$air
# The mean that is told follows packets, not beacons: it must have arrived, else it is another for us than for `iw`.
is_far() {
  wget -q -O /dev/null http://10.9.0.1:8080/readyz
  iw dev wlan1 station dump | grep -q '^[[:space:]]*signal avg:.*-\(79\|8[0-9]\)'
}
await is_far
wifi far

# A virtual camera such as OBS makes, with and without the program that feeds it.
. /guest/check.sh
load() {
  rmmod v4l2loopback 2>/dev/null
  modprobe v4l2loopback exclusive_caps=$1 card_label="OBS Virtual Camera" video_nr=0
}
feeds() { v4l2-ctl -d /dev/video0 -D | grep -q 'Video Capture'; }
# feed CASE FORMAT SCENE RATE COUNT: checks the camera while a producer feeds it. The driver is loaded anew, since a node that was
# read and left by its producer takes no other one.
feed() {
  name=$1
  shift
  load 1
  virtual-feeder /dev/video0 "$@" & feeder=$!
  await feeds
  camera "$name"
  kill $feeder 2>/dev/null
  wait
}
load 1
camera loopback-idle
feed loopback-good YUYV moving 30 900
feed loopback-black YUYV black 30 900
feed loopback-frozen YUYV frozen 30 900
feed loopback-slow YUYV moving 7.5 900
feed loopback-mjpeg MJPG moving 30 900
feed loopback-mjpeg-cut MJPG cut 30 900
camera loopback-left
load 0
camera loopback-open-idle
virtual-feeder /dev/video0 YUYV moving 30 900 & feeder=$!
sleep 2
meanwhile kill $feeder & camera loopback-feeder-dies
wait
rmmod v4l2loopback

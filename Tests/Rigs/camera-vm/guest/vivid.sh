# The kernel's virtual video driver, and each fault that it can inject.
. /guest/check.sh
load() { modprobe vivid n_devs=3 node_types=0x1,0x1,0x20001 num_inputs=1,1,1 input_types=0,0,0; }
set_control() { v4l2-ctl -d /dev/video0 -c "$1" >/dev/null; }
load
grep . /sys/class/video4linux/*/name

camera good
rate=$(v4l2-ctl -d /dev/video0 --stream-mmap --stream-count=40 2>&1 | grep -o '[0-9.]* fps' | tail -1)
printf 'rate\t%s\n' "$rate" >/dev/ttyS1

set_control test_pattern=5,osd_text_mode=2; camera black
set_control test_pattern=6; camera white
set_control test_pattern=0; camera frozen
set_control test_pattern=21; camera noise
set_control test_pattern=0,osd_text_mode=0
set_control brightness=0; camera dark
set_control brightness=255; camera bright
set_control brightness=128

# Times near the end of 64 and of 32 bits, and a count of frames near the end of its 32, are no fault.
set_control wrap_timestamp=1,wrap_sequence_number=1; camera wrap-64-bit
set_control wrap_timestamp=2; camera wrap-32-bit
set_control wrap_timestamp=0,wrap_sequence_number=0

set_control percentage_of_dropped_buffers=50; camera half-dropped
set_control percentage_of_dropped_buffers=100; camera all-dropped --camera 0
camera all-dropped-first
set_control percentage_of_dropped_buffers=0
set_control inject_vidioc_reqbufs_error=1; camera request-refused --camera 0
v4l2-ctl -d /dev/video0 --stream-mmap --stream-count=1 >/dev/null 2>&1
set_control inject_vidioc_qbuf_error=1; camera queue-refused --camera 0
set_control inject_vidioc_streamon_error=1; camera start-refused --camera 0
# Well after the first half second, which is not judged.
damage_one() { sleep 0.6; set_control inject_v4l2_buf_flag_error=1; }
meanwhile damage_one & camera one-damaged; wait
damage() { for _ in 1 2 3 4 5 6 7 8; do set_control inject_v4l2_buf_flag_error=1; sleep 0.12; done; }
meanwhile damage & camera many-damaged; wait
meanwhile set_control inject_fatal_streaming_error=1 & camera fatal --camera 0; wait

v4l2-ctl -d /dev/video0 --stream-mmap >/dev/null 2>&1 & holder=$!
sleep 0.7
camera busy --camera 0
camera busy-first
kill $holder; wait
sleep 30 </dev/video0 & holder=$!
camera opened-elsewhere --camera 0
kill $holder; wait

meanwhile set_control disconnect=1 & camera disconnected --camera 0; wait
camera after-disconnect --camera 0

camera metadata-node --camera /dev/video3
camera no-such-name --camera Logitech
camera ambiguous-name --camera vivid
mknod /dev/video9 c 81 77; camera dead-node --camera /dev/video9; rm /dev/video9
chown 0:44 /dev/video*; chmod 660 /dev/video*
shell="su -s /bin/sh nobody -c" camera no-permission
unbind() { for card in 0 1 2; do echo vivid.$card >/sys/bus/platform/drivers/vivid/unbind; done; }
meanwhile unbind & camera unbound; wait
camera no-camera
rmmod vivid
modprobe vivid n_devs=1 node_types=0x20000 num_inputs=1 input_types=0
camera only-metadata
rmmod vivid
modprobe vivid n_devs=1 node_types=0x100 num_outputs=1 output_types=1
camera only-output
camera output-node --camera /dev/video0
rmmod vivid

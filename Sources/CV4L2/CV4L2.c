#define _GNU_SOURCE
#include "CV4L2.h"
#include <errno.h>
#include <fcntl.h>
#include <libv4l2.h>
#include <libv4l-plugin.h>
#include <libv4lconvert.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static int call(int fd, unsigned long request, void *argument) {
  int result;
  do result = v4l2_ioctl(fd, request, argument);
  while (result < 0 && errno == EINTR);
  return result < 0 ? -errno : 0;
}

/// libv4l2 writes to stderr of the host program unless it is given another file.
static void quiet(void) {
  FILE *nowhere = fopen("/dev/null", "we");
  if (nowhere) v4l2_log_file = nowhere;
}

int precall_v4l2_open(const char *path) {
  int fd;
  do fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  while (fd < 0 && errno == EINTR);
  return fd < 0 ? -errno : fd;
}

void precall_v4l2_adopt(int fd) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, quiet);
  (void)v4l2_fd_open(fd, V4L2_DISABLE_CONVERSION);
}

// v4l2_close of a device that libv4l2 does not know is close(2).
void precall_v4l2_close(int fd) { v4l2_close(fd); }

int precall_v4l2_identify(int fd, struct precall_v4l2_identity *identity) {
  struct v4l2_capability answer = {0};
  int error = call(fd, VIDIOC_QUERYCAP, &answer);
  if (error) return error;
  memset(identity, 0, sizeof *identity);
  memcpy(identity->driver, answer.driver, sizeof answer.driver);
  memcpy(identity->card, answer.card, sizeof answer.card);
  memcpy(identity->bus, answer.bus_info, sizeof answer.bus_info);
  // device_caps is of this node; capabilities is of all nodes of the device.
  uint32_t own = answer.capabilities & V4L2_CAP_DEVICE_CAPS ? answer.device_caps : answer.capabilities;
  identity->needs_pipeline = (own & V4L2_CAP_IO_MC) != 0;
  // A coder captures in planes as well, of what it is given.
  uint32_t coder = V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_VIDEO_OUTPUT_MPLANE | V4L2_CAP_VIDEO_M2M | V4L2_CAP_VIDEO_M2M_MPLANE;
  identity->multi_planar = (own & V4L2_CAP_VIDEO_CAPTURE_MPLANE) && !(own & (V4L2_CAP_VIDEO_CAPTURE | coder));
  identity->captures = ((own & V4L2_CAP_VIDEO_CAPTURE) || identity->multi_planar) && (own & V4L2_CAP_STREAMING);
  return 0;
}

int precall_v4l2_list_format(int fd, uint32_t index, uint32_t *format) {
  struct v4l2_fmtdesc answer = {.index = index, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
  int error = call(fd, VIDIOC_ENUM_FMT, &answer);
  *format = answer.pixelformat;
  return error;
}

int precall_v4l2_list_size(int fd, uint32_t format, uint32_t index, struct precall_v4l2_sizes *sizes) {
  struct v4l2_frmsizeenum answer = {.index = index, .pixel_format = format};
  int error = call(fd, VIDIOC_ENUM_FRAMESIZES, &answer);
  if (error) return error;
  if (answer.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
    uint32_t width = answer.discrete.width, height = answer.discrete.height;
    *sizes = (struct precall_v4l2_sizes){width, height, width, height};
    return 0;
  }
  *sizes = (struct precall_v4l2_sizes){answer.stepwise.max_width, answer.stepwise.max_height,
                                       answer.stepwise.min_width, answer.stepwise.min_height};
  return index > 0 ? -EINVAL : 0;
}

static int64_t millihertz(struct v4l2_fract time) {
  return time.numerator ? (int64_t)time.denominator * 1000 / time.numerator : 0;
}

int precall_v4l2_list_rate(int fd, uint32_t format, uint32_t width, uint32_t height, uint32_t index, int64_t *rate, int64_t *least) {
  struct v4l2_frmivalenum answer = {.index = index, .pixel_format = format, .width = width, .height = height};
  int error = call(fd, VIDIOC_ENUM_FRAMEINTERVALS, &answer);
  if (error) return error;
  bool is_range = answer.type != V4L2_FRMIVAL_TYPE_DISCRETE;
  *rate = millihertz(is_range ? answer.stepwise.min : answer.discrete);
  *least = is_range ? millihertz(answer.stepwise.max) : *rate;
  return is_range && index > 0 ? -EINVAL : 0;
}

int precall_v4l2_set_picture(int fd, struct precall_v4l2_picture *picture) {
  struct v4l2_format answer = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
  answer.fmt.pix.width = picture->width;
  answer.fmt.pix.height = picture->height;
  answer.fmt.pix.pixelformat = picture->format;
  answer.fmt.pix.field = V4L2_FIELD_ANY;
  int error = call(fd, VIDIOC_S_FMT, &answer);
  if (error) return error;
  picture->width = answer.fmt.pix.width;
  picture->height = answer.fmt.pix.height;
  picture->format = answer.fmt.pix.pixelformat;
  picture->stride = answer.fmt.pix.bytesperline;
  picture->bytes = answer.fmt.pix.sizeimage;
  return 0;
}

int precall_v4l2_set_rate(int fd, int64_t *rate) {
  struct v4l2_streamparm answer = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
  answer.parm.capture.timeperframe.numerator = 1000;
  answer.parm.capture.timeperframe.denominator = (uint32_t)*rate;
  *rate = 0;
  int error = call(fd, VIDIOC_S_PARM, &answer);
  if (error == 0) *rate = millihertz(answer.parm.capture.timeperframe);
  return error;
}

static int control(int fd, uint32_t id) {
  struct v4l2_queryctrl description = {.id = id};
  int error = call(fd, VIDIOC_QUERYCTRL, &description);
  if (error) return error;
  if (description.flags & V4L2_CTRL_FLAG_DISABLED) return -EINVAL;
  struct v4l2_control answer = {.id = id};
  error = call(fd, VIDIOC_G_CTRL, &answer);
  return error ? error : answer.value != 0;
}

int precall_v4l2_privacy(int fd) { return control(fd, V4L2_CID_PRIVACY); }

int precall_v4l2_exposure_priority(int fd) { return control(fd, V4L2_CID_EXPOSURE_AUTO_PRIORITY); }

int precall_v4l2_request(int fd, uint32_t count) {
  struct v4l2_requestbuffers answer = {
      .count = count, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
  int error = call(fd, VIDIOC_REQBUFS, &answer);
  return error ? error : (int)answer.count;
}

static struct v4l2_buffer buffer(uint32_t index) {
  return (struct v4l2_buffer){.index = index, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
}

int precall_v4l2_map(int fd, uint32_t index, void **bytes, size_t *length) {
  struct v4l2_buffer answer = buffer(index);
  int error = call(fd, VIDIOC_QUERYBUF, &answer);
  if (error) return error;
  // Writable, so that pixels can be wiped before the driver has them back.
  void *mapped = v4l2_mmap(NULL, answer.length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, answer.m.offset);
  if (mapped == MAP_FAILED) return -errno;
  // Pictures are never part of a core dump.
  madvise(mapped, answer.length, MADV_DONTDUMP);
  *bytes = mapped;
  *length = answer.length;
  return 0;
}

void precall_v4l2_unmap(void *bytes, size_t length) { v4l2_munmap(bytes, length); }

int precall_v4l2_queue(int fd, uint32_t index) {
  struct v4l2_buffer request = buffer(index);
  return call(fd, VIDIOC_QBUF, &request);
}

int precall_v4l2_dequeue(int fd, struct precall_v4l2_frame *frame) {
  struct v4l2_buffer answer = buffer(0);
  int error = call(fd, VIDIOC_DQBUF, &answer);
  if (error) return error;
  *frame = (struct precall_v4l2_frame){answer.index, answer.bytesused, answer.sequence,
                                       (answer.flags & V4L2_BUF_FLAG_ERROR) != 0};
  return 0;
}

int precall_v4l2_start(int fd) {
  int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  return call(fd, VIDIOC_STREAMON, &type);
}

int precall_v4l2_stop(int fd) {
  int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  return call(fd, VIDIOC_STREAMOFF, &type);
}

int precall_v4l2_wait(int fd, int event, int milliseconds) {
  struct pollfd waits[] = {{.fd = fd, .events = POLLIN}, {.fd = event, .events = POLLIN}};
  int result = poll(waits, 2, milliseconds);
  if (result < 0) return errno == EINTR ? PRECALL_V4L2_NOTHING : -errno;
  if (waits[1].revents) return PRECALL_V4L2_CANCELLED;
  // A frame that is there goes before the error that follows it.
  if (waits[0].revents & POLLIN) return PRECALL_V4L2_FRAME;
  return waits[0].revents ? PRECALL_V4L2_ERROR : PRECALL_V4L2_NOTHING;
}

int precall_event_create(void) {
  int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return event < 0 ? -errno : event;
}

void precall_event_signal(int event) { (void)!write(event, &(uint64_t){1}, sizeof(uint64_t)); }

int precall_event_wait(int one, int other, int milliseconds) {
  struct pollfd waits[] = {{.fd = one, .events = POLLIN}, {.fd = other, .events = POLLIN}};
  if (poll(waits, 2, milliseconds) <= 0) return 0;
  return waits[0].revents ? 1 : 2;
}

void precall_event_close(int event) { close(event); }

/// Answers what libv4lconvert asks of its device: a camera with no formats or controls of its own.
static int answer_converter(void *none, int fd, unsigned long request, void *argument) {
  (void)none, (void)fd;
  if (request == VIDIOC_QUERYCAP) {
    struct v4l2_capability *answer = argument;
    *answer = (struct v4l2_capability){.capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING};
    return 0;
  }
  errno = EINVAL;
  return -1;
}

void *precall_v4l2_converter(void) {
  static const struct libv4l_dev_ops no_device = {.ioctl = answer_converter};
  return v4lconvert_create_with_dev_ops(-1, NULL, &no_device);
}

void precall_v4l2_free_converter(void *converter) { v4lconvert_destroy(converter); }

static struct v4l2_format format(uint32_t width, uint32_t height, uint32_t fourcc, uint32_t stride, uint32_t bytes) {
  struct v4l2_format format = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
  format.fmt.pix.width = width;
  format.fmt.pix.height = height;
  format.fmt.pix.pixelformat = fourcc;
  format.fmt.pix.field = V4L2_FIELD_NONE;
  format.fmt.pix.bytesperline = stride;
  format.fmt.pix.sizeimage = bytes;
  return format;
}

int precall_v4l2_decode(void *converter, struct precall_v4l2_picture picture, const void *bytes, size_t count, void *into, size_t room) {
  struct v4l2_format source = format(picture.width, picture.height, picture.format, 0, picture.bytes);
  struct v4l2_format target =
      format(picture.width, picture.height, V4L2_PIX_FMT_YUV420, picture.width, picture.width * picture.height * 3 / 2);
  return v4lconvert_convert(converter, &source, &target, (unsigned char *)bytes, (int)count, into, (int)room);
}

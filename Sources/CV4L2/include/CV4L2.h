/// The V4L2 interface as functions of a fixed form, through libv4l2 with its conversion off.
///
/// Why shims: the request macros take sizeof and don't import; open and ioctl are variadic; unions and bit
/// flags are unsafe to touch from Swift; and errno must be read before anything else runs. Every function
/// returns 0 or more, or the negative error number, and repeats a call that a signal interrupted.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What VIDIOC_QUERYCAP says; texts end with 0.
struct precall_v4l2_identity {
  char driver[17];
  char card[33];
  char bus[33];
  bool captures;
  /// It captures in planes of memory of their own only (V4L2_CAP_VIDEO_CAPTURE_MPLANE).
  bool multi_planar;
  /// V4L2_CAP_IO_MC: the media controller has to lay the way from the sensor first.
  bool needs_pipeline;
};

/// What VIDIOC_S_FMT is asked and answers.
struct precall_v4l2_picture {
  uint32_t width, height, format, stride, bytes;
};

/// A frame that VIDIOC_DQBUF hands over.
struct precall_v4l2_frame {
  uint32_t index, bytes, sequence;
  bool marked;
};

/// What precall_v4l2_wait came back for.
enum precall_v4l2_event { PRECALL_V4L2_NOTHING, PRECALL_V4L2_FRAME, PRECALL_V4L2_CANCELLED, PRECALL_V4L2_ERROR };

int precall_v4l2_open(const char *path);
/// Hands an opened device to libv4l2, so that its plugins serve too; a device that it does not want is
/// reached by plain calls all the same.
void precall_v4l2_adopt(int fd);
void precall_v4l2_close(int fd);
int precall_v4l2_identify(int fd, struct precall_v4l2_identity *identity);

int precall_v4l2_list_format(int fd, uint32_t index, uint32_t *format);
/// A size that a format has, or a range of sizes, which is the only one; both ends are the same where it is none.
struct precall_v4l2_sizes {
  uint32_t width, height, least_width, least_height;
};
int precall_v4l2_list_size(int fd, uint32_t format, uint32_t index, struct precall_v4l2_sizes *sizes);
/// A frame rate in thousandths of a hertz, or the highest and the lowest of a range, which is the only one.
int precall_v4l2_list_rate(int fd, uint32_t format, uint32_t width, uint32_t height, uint32_t index, int64_t *rate, int64_t *least);
int precall_v4l2_set_picture(int fd, struct precall_v4l2_picture *picture);
/// Asks for a rate in thousandths of a hertz; comes back with the one that is promised, 0 for none.
int precall_v4l2_set_rate(int fd, int64_t *rate);
/// The value of a control; an error where the device has none such.
int precall_v4l2_privacy(int fd);
int precall_v4l2_exposure_priority(int fd);

/// Asks for `count` buffers and returns how many came; 0 frees them.
int precall_v4l2_request(int fd, uint32_t count);
int precall_v4l2_map(int fd, uint32_t index, void **bytes, size_t *length);
void precall_v4l2_unmap(void *bytes, size_t length);
int precall_v4l2_queue(int fd, uint32_t index);
int precall_v4l2_dequeue(int fd, struct precall_v4l2_frame *frame);
int precall_v4l2_start(int fd);
int precall_v4l2_stop(int fd);
/// Waits for a frame, for `event` to be signalled or for the time to pass.
int precall_v4l2_wait(int fd, int event, int milliseconds);

/// An eventfd: what ends a wait from another thread.
int precall_event_create(void);
void precall_event_signal(int event);
/// 1 when `one` was signalled, 2 when `other` was, 0 when the time passed.
int precall_event_wait(int one, int other, int milliseconds);
void precall_event_close(int event);

/// libv4lconvert, only to look at compressed pictures. The converter works without a device.
void *precall_v4l2_converter(void);
void precall_v4l2_free_converter(void *converter);
/// Decodes to planar YUV 4:2:0 and returns the bytes written, or a negative number.
int precall_v4l2_decode(void *converter, struct precall_v4l2_picture picture, const void *bytes, size_t count, void *into, size_t room);

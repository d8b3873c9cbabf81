// virtual-feeder DEVICE FORMAT SCENE RATE COUNT: the producer of a v4l2loopback camera, 640x480. FORMAT is YUYV or MJPG; SCENE
// moving, frozen, black, or cut (a JPEG that ends too early). Writes COUNT pictures, RATE a second, and ends: the node is then a
// camera whose program has died.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <jpeglib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 640, HEIGHT = 480, CYCLE = 8 };

static unsigned char luma(const char *scene, int x, int y, int frame) {
  if (strcmp(scene, "black") == 0) return 16;
  int shift = strcmp(scene, "frozen") == 0 ? 0 : frame * 16;
  return (unsigned char)(40 + (x / 2 + y + shift) % 160);
}

static size_t packed(const char *scene, int frame, unsigned char *bytes) {
  for (int at = 0; at < WIDTH * HEIGHT; at++) {
    bytes[2 * at] = luma(scene, at % WIDTH, at / WIDTH, frame);
    bytes[2 * at + 1] = 128;
  }
  return WIDTH * HEIGHT * 2;
}

static size_t compressed(const char *scene, int frame, unsigned char *bytes) {
  struct jpeg_error_mgr errors;
  struct jpeg_compress_struct jpeg = {.err = jpeg_std_error(&errors)};
  jpeg_create_compress(&jpeg);
  unsigned char *result = bytes;
  unsigned long size = WIDTH * HEIGHT * 2;
  jpeg_mem_dest(&jpeg, &result, &size);
  jpeg.image_width = WIDTH;
  jpeg.image_height = HEIGHT;
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_YCbCr;
  jpeg_set_defaults(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  unsigned char line[WIDTH * 3], *lines[] = {line};
  while (jpeg.next_scanline < HEIGHT) {
    for (int x = 0; x < WIDTH; x++) {
      line[3 * x] = luma(scene, x, (int)jpeg.next_scanline, frame);
      line[3 * x + 1] = line[3 * x + 2] = 128;
    }
    jpeg_write_scanlines(&jpeg, lines, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  return strcmp(scene, "cut") == 0 ? size * 4 / 10 : size;
}

static int open_for_output(const char *path, const char *letters) {
  int device = open(path, O_RDWR | O_CLOEXEC);
  if (device < 0) return -1;
  struct v4l2_format format = {.type = V4L2_BUF_TYPE_VIDEO_OUTPUT};
  format.fmt.pix.width = WIDTH;
  format.fmt.pix.height = HEIGHT;
  format.fmt.pix.pixelformat = v4l2_fourcc(letters[0], letters[1], letters[2], letters[3]);
  format.fmt.pix.field = V4L2_FIELD_NONE;
  format.fmt.pix.bytesperline = WIDTH * 2;
  format.fmt.pix.sizeimage = WIDTH * HEIGHT * 2;
  format.fmt.pix.colorspace = V4L2_COLORSPACE_SRGB;
  return ioctl(device, VIDIOC_S_FMT, &format) < 0 ? -1 : device;
}

int main(int count, char **words) {
  if (count != 6 || strlen(words[2]) != 4) {
    fprintf(stderr, "use: virtual-feeder DEVICE FORMAT SCENE RATE COUNT\n");
    return 64;
  }
  int device = open_for_output(words[1], words[2]);
  if (device < 0) {
    fprintf(stderr, "virtual-feeder: %s: %s\n", words[1], strerror(errno));
    return 69;
  }
  static unsigned char pictures[CYCLE][WIDTH * HEIGHT * 2];
  size_t sizes[CYCLE];
  int is_jpeg = strcmp(words[2], "MJPG") == 0;
  for (int at = 0; at < CYCLE; at++)
    sizes[at] = is_jpeg ? compressed(words[3], at, pictures[at]) : packed(words[3], at, pictures[at]);
  long interval = (long)(1e9 / atof(words[4]));
  struct timespec due;
  clock_gettime(CLOCK_MONOTONIC, &due);
  for (int at = 0; at < atoi(words[5]); at++) {
    if (write(device, pictures[at % CYCLE], sizes[at % CYCLE]) < 0) {
      fprintf(stderr, "virtual-feeder: %s\n", strerror(errno));
      return 74;
    }
    due.tv_nsec += interval;
    due.tv_sec += due.tv_nsec / 1000000000;
    due.tv_nsec %= 1000000000;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
  }
  return 0;
}

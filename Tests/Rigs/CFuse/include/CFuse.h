/// What the virtual camera needs of libfuse and of the V4L2 interface that Swift can't import: macros with
/// arguments and bit fields.
#pragma once
#define FUSE_USE_VERSION 314
#include <fuse3/fuse_lowlevel.h>
#include <linux/videodev2.h>
#include <stddef.h>
#include <stdint.h>

/// Request numbers as FUSE hands them over: 32 bits. The macros take sizeof and don't import.
#define RIG_REQUEST(name) static const uint32_t rig_##name = (uint32_t)VIDIOC_##name
RIG_REQUEST(QUERYCAP);
RIG_REQUEST(ENUM_FMT);
RIG_REQUEST(ENUM_FRAMESIZES);
RIG_REQUEST(ENUM_FRAMEINTERVALS);
RIG_REQUEST(G_FMT);
RIG_REQUEST(S_FMT);
RIG_REQUEST(TRY_FMT);
RIG_REQUEST(G_PARM);
RIG_REQUEST(S_PARM);
RIG_REQUEST(REQBUFS);
RIG_REQUEST(QUERYBUF);
RIG_REQUEST(QBUF);
RIG_REQUEST(DQBUF);
RIG_REQUEST(STREAMON);
RIG_REQUEST(STREAMOFF);
RIG_REQUEST(QUERYCTRL);
RIG_REQUEST(G_CTRL);

static const uint32_t rig_privacy = V4L2_CID_PRIVACY;
static const uint32_t rig_exposure_priority = V4L2_CID_EXPOSURE_AUTO_PRIORITY;

/// Puts bytes into the page cache of a node: what the client's mmap shows. The macro that fills the vector
/// does not import.
static inline int rig_store(struct fuse_session *session, fuse_ino_t node, int64_t offset, void *bytes, size_t count) {
  struct fuse_bufvec vector = FUSE_BUFVEC_INIT(count);
  vector.buf[0].mem = bytes;
  return fuse_lowlevel_notify_store(session, node, offset, &vector, 0);
}

/// Pages that were stored must outlive the opening of the file; the field is a bit field.
static inline void rig_keep_cache(struct fuse_file_info *file) { file->keep_cache = 1; }

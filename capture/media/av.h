// FFmpeg's headers for this folder; owners of what they allocate are in evidence/vision/libav.h. Nothing else here includes libav*.
#pragma once
extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>
}

#include "evidence/vision/libav.h"

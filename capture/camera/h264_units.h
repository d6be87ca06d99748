// H.264 as a camera sends it, taken apart without decoding: NAL units (ITU-T H.264, Annex B, or each behind its length), what a
// container wants beside the pictures and what it wants among them. Pure functions of hostile bytes; work and memory grow with their
// length alone.
#pragma once
#include "evidence/base/bytes.h"

namespace netsampler::capture {

// One access unit.
struct H264Picture {
  Bytes units;            // all that belongs to the picture, each behind a start code; no delimiters, no filler, no parameter sets
  Bytes sets;             // its parameter sets, each behind a start code, in the order of type and bytes, none twice; empty: none came
  bool key = false;       // an IDR picture
  bool slices = false;    // there is a picture in it at all
  bool reordered = false; // B slices: it is not shown in the order of decoding
  bool continues = false; // it begins in its middle: slices of a picture whose first came before
};

// `length_bytes`: of the length before each unit, 1 to 4; 0: start codes. `invalid` where lengths do not fit.
Result<H264Picture> split_h264(ByteView access_unit, int length_bytes);

// What a stream's header says: parameter sets as above (empty: none yet), and how its units are told apart.
struct H264Header {
  Bytes sets;
  int length_bytes = 0;
};
// `extradata`: avcC (ISO/IEC 14496-15), parameter sets behind start codes, or nothing.
Result<H264Header> read_h264_header(ByteView extradata);

}  // namespace netsampler::capture

// Beast's form of our reply body: a text, or slices of files, one behind the other, read 64 KiB at a time while they are sent. The only
// header that shows Beast.
#pragma once
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <vector>

#include "evidence/base/fd.h"

namespace netsampler {

struct ReplyBody {
  struct Slice {
    Fd file;
    std::int64_t first = 0, bytes = 0;
  };
  struct value_type {
    std::string text;
    std::vector<Slice> slices;  // any: they are sent instead of the text
  };

  static std::uint64_t size(const value_type& body) {
    if (body.slices.empty()) return body.text.size();
    std::uint64_t bytes = 0;
    for (const Slice& slice : body.slices) bytes += static_cast<std::uint64_t>(slice.bytes);
    return bytes;
  }

  class writer {
   public:
    using const_buffers_type = boost::asio::const_buffer;

    template <bool kRequest, class Fields>
    writer(boost::beast::http::header<kRequest, Fields>&, value_type& body) : body_(body) {}

    void init(boost::beast::error_code& error) { error = {}; }

    boost::optional<std::pair<const_buffers_type, bool>> get(boost::beast::error_code& error) {
      error = {};
      if (body_.slices.empty()) return {{const_buffers_type(body_.text.data(), body_.text.size()), false}};
      while (at_ < body_.slices.size() && body_.slices[at_].bytes == 0) ++at_;
      if (at_ == body_.slices.size()) return boost::none;
      Slice& slice = body_.slices[at_];
      const std::size_t want = static_cast<std::size_t>(std::min<std::int64_t>(slice.bytes, static_cast<std::int64_t>(chunk_.size())));
      const ssize_t got = ::pread(slice.file.get(), chunk_.data(), want, slice.first);
      if (got <= 0) {  // shorter than it was: the connection ends, the browser sees a broken transfer
        error = boost::beast::http::error::partial_message;
        return boost::none;
      }
      slice.first += got, slice.bytes -= got;
      return {{const_buffers_type(chunk_.data(), static_cast<std::size_t>(got)), slice.bytes > 0 || at_ + 1 < body_.slices.size()}};
    }

   private:
    value_type& body_;
    std::size_t at_ = 0;
    std::array<char, 64 * 1024> chunk_{};
  };
};

}  // namespace netsampler

// Beast's form of our reply body: a text, or a slice of a file read 64 KiB at a time while it is sent. The only header that shows Beast.
#pragma once
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>

#include "evidence/base/fd.h"

namespace netsampler {

struct ReplyBody {
  struct value_type {
    std::string text;
    Fd file;  // valid: the slice below is sent instead of the text
    std::int64_t first = 0, bytes = 0;
  };

  static std::uint64_t size(const value_type& body) {
    return body.file.valid() ? static_cast<std::uint64_t>(body.bytes) : body.text.size();
  }

  class writer {
   public:
    using const_buffers_type = boost::asio::const_buffer;

    template <bool kRequest, class Fields>
    writer(boost::beast::http::header<kRequest, Fields>&, value_type& body) : body_(body) {}

    void init(boost::beast::error_code& error) { error = {}; }

    boost::optional<std::pair<const_buffers_type, bool>> get(boost::beast::error_code& error) {
      error = {};
      if (!body_.file.valid()) return {{const_buffers_type(body_.text.data(), body_.text.size()), false}};
      const std::size_t want = static_cast<std::size_t>(std::min<std::int64_t>(body_.bytes, static_cast<std::int64_t>(chunk_.size())));
      if (want == 0) return boost::none;
      const ssize_t got = ::pread(body_.file.get(), chunk_.data(), want, body_.first);
      if (got <= 0) {  // shorter than it was: the connection ends, the browser sees a broken transfer
        error = boost::beast::http::error::partial_message;
        return boost::none;
      }
      body_.first += got, body_.bytes -= got;
      return {{const_buffers_type(chunk_.data(), static_cast<std::size_t>(got)), body_.bytes > 0}};
    }

   private:
    value_type& body_;
    std::array<char, 64 * 1024> chunk_{};
  };
};

}  // namespace netsampler

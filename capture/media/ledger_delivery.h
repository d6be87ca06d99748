// One record after the other into the ledger. Two deliveries: the ledger's, and the tests' own. The courier's thread, utc_error_us() apart.
#pragma once
#include <memory>
#include <string>

#include "capture/media/segment.h"
#include "capture/media/sink.h"
#include "evidence/base/fd.h"

namespace netsampler::capture {

// What has no receipt yet. Its file is a sealed memory file: its bytes cannot change while it waits, and take no memory of ours.
struct LedgerRecord {
  std::string type;
  Json body, personal = Json::object();
  std::string file = {};  // name of the handed-over file; empty: a record without one
  Fd bytes = {};
  std::int64_t size_bytes = 0;
};
Result<LedgerRecord> record_of(const SourceInfo& source, ByteView init);
Result<LedgerRecord> record_of(const std::string& source, const Segment& segment);

class Delivery {
 public:
  virtual ~Delivery() = default;
  // When it returns, the receipt is there. The first failure is final.
  virtual Result<void> deliver(LedgerRecord record) = 0;
  virtual std::int64_t utc_error_us() const { return kernel_utc_error_us(); }  // as SegmentSink; any thread
};

// One `append` request a record. A ledger that is gone is waited for, `patience_us` long (less than the ten minutes in which a recording may be
// resumed); when a new one listens, a new recording resumes the old (event {"event":"resumed","recording","resumes"}) and declares the
// source that goes on; segments of before have `sealed_late_us` in it. With each segment's receipt {"event":"sealed","source","no"}.
// Opening: a ledger that is not there is `unavailable`.
Result<std::unique_ptr<Delivery>> open_ledger_delivery(const std::string& socket, const std::string& recording, std::int64_t patience_us, EventPrinter print);

}  // namespace netsampler::capture

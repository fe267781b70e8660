// Access to records in one view of the whole file.
#pragma once

#include "faultline/discard.h"
#include "faultline/file.h"
#include "harness/os/file_mapping.h"
#include "strategies/direct_access.h"

namespace faultline {

// Loads and stores; a run of discards is a hole punched into the file (1 call), which the view
// shows at once. By that call, not by stores of zeros around whole pages: where the system keeps
// many pages as one, a store to any of them makes it write all, and the hole is filled again.
class ViewAccess : public DirectAccess {
 public:
  // `view` shows the whole of `file`, which is open for writing; both outlive the access.
  ViewAccess(const os::View& view, const os::File& file, Strategy& strategy)
      : DirectAccess(view.data(), strategy), file_(&file) {}

  void Discard(const DiscardRun& run) { file_->Discard(run.offset, run.length); }

 private:
  const os::File* file_;
};

}  // namespace faultline

// Which pages of a mapping object are in memory, page by page, whether or not a process maps them.
#pragma once

#include <optional>
#include <vector>

#include "harness/os/file_mapping.h"

namespace faultline::os {

// One page of an object.
struct ObjectPage {
  bool cached = false;        // in memory: a first touch needs no transfer
  std::optional<bool> dirty;  // changed and not yet on storage; absent where the system can't tell.
                              // False for an object of no file. All pages of a large folio with a
                              // dirty one read as dirty.
};

// The pages of the object, from its begin. Absent where the system keeps it from the caller: of
// files that the caller neither owns nor may write. Changes nothing; maps the object for a moment
// where the system has no better way. Throws SystemError.
std::optional<std::vector<ObjectPage>> ReadObjectPages(const FileMapping& object);

}  // namespace faultline::os

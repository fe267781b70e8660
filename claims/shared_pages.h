// Whether pages are the same physical memory wherever they are mapped.
#pragma once

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"
#include "harness/os/page_frames.h"

namespace faultline {

// The frames of a view's pages, which are all touched first. Throws UnsupportedError where the
// system doesn't tell them (to root only, on Linux), Error when one leaves memory meanwhile.
std::vector<std::uint64_t> FramesOf(const os::View& view);

// Where the second process finds an object: the path of its file, or its name.
struct Whereabouts {
  std::string path = {};
  std::string name = {};
};

// What two processes that map one object have in common. Enters:
//   pages, pages_in_the_same_frame, least_mappings (of any of the frames),
//   proportional_share (of the view's resident bytes, in this process),
//   wrong_bytes (stored here, loaded there)
Evidence TwoProcessesShare(const os::FileMapping& object, const Whereabouts& whereabouts);

// Holds if all pages are shared, with two mappings each and half of the memory charged to each
// process.
Judgement JudgeSharing(const Evidence& evidence);

}  // namespace faultline

// Whether pages are the same physical memory wherever they are mapped.
#pragma once

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"
#include "harness/os/page_frames.h"

namespace faultline {

// The frames of a view's pages, which are all touched first. Throws UnsupportedError where the
// system doesn't tell them (to root only, on Linux).
std::vector<std::uint64_t> FramesOf(const os::View& view);

// What two processes that map one object have in common. Enters:
//   pages, pages_in_the_same_frame, least_mappings (of any of the frames),
//   proportional_share (of the view's resident bytes, in this process),
//   wrong_bytes (stored here, loaded there)
// `path` is the object's file, which the second process opens by itself; "" for an object that is
// handed over.
Evidence TwoProcessesShare(const os::FileMapping& object, const std::string& path);

// Holds if all pages are shared, with two mappings each and half of the memory charged to each
// process.
Judgement JudgeSharing(const Evidence& evidence);

}  // namespace faultline

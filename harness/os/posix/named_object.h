// Named memory objects: a name lasts as long as a process holds its object.
//
// The system's own names last until they are removed or the machine restarts. So every holder keeps
// a shared lock on its descriptor, which the system takes away when the holder ends, however it
// ends: a name whose object has no lock is left over and counts as free. A holder that lets go of
// an object and can lock it exclusively is the last, and removes the name. A lock may be had on an
// object whose name is already gone or given to another, so after every lock the name is looked up
// again.
#pragma once

#include <cstdint>
#include <string>

#include "harness/os/posix/system_call.h"

namespace faultline::os {

struct NamedObject {
  Descriptor fd;
  std::uint64_t size = 0;  // bytes
};

// All throw SystemError as file_mapping.h says. A descriptor that they return holds the name until
// ReleaseName.
Descriptor CreateNamedObject(const std::string& name, std::uint64_t size);
NamedObject OpenNamedObject(const std::string& name, bool writable);

// Another hold, by an open file of its own, on the object that `fd` is; no descriptor if the name
// no longer leads to it. Locks belong to open files, so a duplicate of `fd` would hold nothing by
// itself.
Descriptor HoldNamedObjectAgain(const std::string& name, int fd, bool writable);

// Gives up the hold, and removes the name if there is no other holder. The descriptor stays open.
void ReleaseName(const std::string& name, int fd);

// Removes every name whose object has no holder.
void RemoveAbandonedNames();

}  // namespace faultline::os

// Error numbers as kinds, and as lines that say what to try.
#include "faultline/system_error.h"

#include <cerrno>
#include <fmt/format.h>
#include <system_error>

namespace faultline::os {
namespace {

ErrorKind KindOf(int code) {
  switch (code) {
    case ENOENT:
    case ESRCH:
      return ErrorKind::kNotFound;
    case EEXIST:
      return ErrorKind::kExists;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorKind::kDenied;
    case ENOSPC:
    case EDQUOT:
      return ErrorKind::kNoSpace;
    case ENOSYS:
    case EOPNOTSUPP:
      return ErrorKind::kNotSupported;
    case EINVAL:
    case ELOOP:
    case EISDIR:
    case ENOTDIR:
    case ENAMETOOLONG:
      return ErrorKind::kInvalid;
    default:
      return ErrorKind::kOther;
  }
}

// What to try, or "" where the reason says it all.
std::string_view Remedy(int code) {
  switch (code) {
    case ENOENT:
    case ESRCH:
    case ENOTDIR:
      return "check the path";
    case EACCES:
    case EPERM:
      return "check the owner and the permissions, or choose another place";
    case EROFS:
      return "choose a directory on a writable file system";
    case ENOSPC:
    case EDQUOT:
      return "free some space, choose another directory, or ask for less";
    case EFBIG:
      return "the file system, or the limit 'ulimit -f', allows no file this large";
    case ELOOP:
      return "give the path of the file itself, not of a symbolic link";
    case EMFILE:
      return "raise the limit of open files ('ulimit -n')";
    case ENOMEM:
      return "ask for less, or raise the limits of memory ('ulimit -v') and of mappings "
             "('sysctl vm.max_map_count')";
    case EIO:
      return "the device may be failing, see the system's log";
    case ENOSYS:
    case EOPNOTSUPP:
      return "choose another file system, or a newer system";
    default:
      return "";
  }
}

std::string Message(std::string_view operation, std::string_view subject, int code) {
  const std::string_view remedy = Remedy(code);
  return fmt::format("cannot {} {}: {}{}{}", operation, subject,
                     std::generic_category().message(code), remedy.empty() ? "" : "; ", remedy);
}

}  // namespace

SystemError::SystemError(std::string_view operation, std::string_view subject, int code)
    : Error(Message(operation, subject, code)), kind_(KindOf(code)), code_(code) {}

void ThrowLastError(std::string_view operation, std::string_view subject) {
  throw SystemError(operation, subject, errno);
}

}  // namespace faultline::os

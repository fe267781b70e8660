// A line of blkparse's text: an event of a request to a block device.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faultline {

// Texts are parts of the line.
struct BlkparseLine {
  std::string device;  // "8,16"
  std::uint64_t time_ns = 0;
  std::uint32_t process = 0;
  // Q: queued, D: issued to the device, C: completed, A: handed on by another device. There are
  // more. "" where the format has none.
  std::string_view action;
  std::string_view kind;                // "RA", "FWFS", "DS"
  std::optional<std::uint64_t> sector;  // of 512 bytes; absent for a flush
  std::uint64_t sectors = 0;
  std::string_view from;  // of an A: the device that the request was sent to
};

// Of the default format; nothing for what is no such line.
std::optional<BlkparseLine> ReadBlkparseLine(std::string_view line);

// Of a format that blkparse was given with -f, such as "%T.%9t %p %a %d %S %n\n".
class BlkparseFormat {
 public:
  // Throws UsageError for a format that doesn't say where a request is.
  explicit BlkparseFormat(std::string_view format);

  std::optional<BlkparseLine> Read(std::string_view line) const;

 private:
  // What a text of the format consists of: fields, and letters between them. A blank stands for any
  // number of them.
  struct Part {
    char field = 0;  // a letter of blkparse's; 0: `letter` itself
    char letter = 0;
  };

  static bool Store(char field, std::string_view word, BlkparseLine& line);

  std::vector<Part> parts_;
};

}  // namespace faultline

// The hand-written loops that strategies on engines are measured against: what a programmer would
// write over the libraries' calls who updates records and nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace faultline::peers {

// A file of an engine's with records of a 64-bit word and zeros. Throws std::runtime_error.
class EngineRecords {
 public:
  virtual ~EngineRecords() = default;

  // Increments the first word of each of the records, one transaction each.
  virtual void Increment(std::span<const std::uint64_t> numbers) = 0;

  virtual std::uint64_t FirstWord(std::uint64_t number) = 0;
};

// The file at `path`, or where there is none a new one of zeroed records, on storage; with the
// settings that the strategies have by default: SQLite with a log, normal synchronisation and 2,000
// KiB of cache, LMDB without synchronisation. Null if this build is without the library.
std::unique_ptr<EngineRecords> MakeSqliteRecords(const std::filesystem::path& path,
                                                 std::uint64_t records, std::size_t record_bytes);
std::unique_ptr<EngineRecords> MakeLmdbRecords(const std::filesystem::path& path,
                                               std::uint64_t records, std::size_t record_bytes);

}  // namespace faultline::peers

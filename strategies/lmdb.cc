// lmdb: records as values of an LMDB file beside the data file, found and read in a mapping of it.
//
// System calls per record: none for a read, which is a search through a view. A change is a
// transaction that writes a copy of every page on the way to the record and of those that remember
// which pages are free, 1 pwrite each (1 pwritev for neighbours), and 1 pwrite for the file's head:
// 5 with 50,000 records of 125 bytes. With sync=full 1 fdatasync besides, and the head's pwrite
// waits for the device; with sync=nometa the fdatasync alone. With writemap=on the copies are made
// in the view: no call, or with synchronisation 1 to 2 msync. A batch's operations share all that.
//
// Not to be compared with strategies that change a record where it lies: of each changed page a
// copy is stored, so the file grows, and other pages are dirty than those that held the record. An
// update searches twice, once to read and once to write.
//
// A flush makes durable what came before it. With sync=none (the default) that holds until the next
// change: LMDB's heads and pages may reach the disk in any order, so that a power cut may leave a
// file that can't be read. The other two never do.
#if FAULTLINE_HAVE_LMDB
#include <lmdb.h>

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "faultline/synchronous.h"
#include "harness/base/text.h"
#include "harness/os/file_mapping.h"
#endif

#include "faultline/strategy.h"
#include "harness/os/whole_file.h"
#include "strategies/own_storage.h"

namespace faultline::lmdb {
namespace {

constexpr const char* kStorageSuffix = ".lmdb";

#if FAULTLINE_HAVE_LMDB

namespace fs = std::filesystem;

struct LmdbOptions {
  std::string sync = "none";
  bool written_through_view = false;
  std::uint64_t batch = 1;  // operations per transaction
};

[[noreturn, gnu::cold, gnu::noinline]] void Fail(std::string_view operation,
                                                 const std::string& subject, int code) {
  const std::string_view remedy =
      code == MDB_MAP_FULL ? "; use a smaller batch, which takes fewer pages at a time"
      : code == ENOSPC     ? "; use fewer records or choose another directory"
                           : "";
  throw Error(
      fmt::format("LMDB can't {} {}: {}{}", operation, subject, mdb_strerror(code), remedy));
}

// The file's greatest size. That much is mapped; only what is used takes room on the disk.
std::uint64_t MapBytes(const Geometry& geometry, std::uint64_t batch) {
  constexpr std::uint64_t kHeadBytes = 16;  // of a page
  constexpr std::uint64_t kNodeBytes = 18;  // of a record in a page: its place, head and key
  constexpr std::uint64_t kPathPages = 16;  // more than are between the root and a record
  constexpr std::uint64_t kSpareBytes = std::uint64_t{64} << 20;
  const std::uint64_t page_bytes = os::PageSize();
  const std::uint64_t node_bytes = kNodeBytes + geometry.record_size + geometry.record_size % 2;
  // Larger ones lie on pages of their own.
  const bool inside = node_bytes < page_bytes / 2 - kHeadBytes;
  const std::uint64_t record_pages =
      inside ? 1 : 1 + (kHeadBytes + geometry.record_size + page_bytes - 1) / page_bytes;
  const std::uint64_t pages = inside
                                  ? geometry.records / ((page_bytes - kHeadBytes) / node_bytes) + 1
                                  : geometry.records * record_pages;
  // Pages that a transaction frees can be used again two transactions later.
  const std::uint64_t changed_pages =
      std::min(batch, geometry.records) * (record_pages + kPathPages);
  const std::uint64_t bytes = (2 * pages + 4 * changed_pages) * page_bytes + kSpareBytes;
  return bytes / page_bytes * page_bytes;
}

// An open file of LMDB's. Thread-safe; to be opened once at a time in a process.
class Environment {
 public:
  Environment(const fs::path& path, unsigned flags, std::uint64_t map_bytes)
      : path_(path.string()) {
    Check(mdb_env_create(&environment_), "set up");
    try {
      Check(mdb_env_set_mapsize(environment_, map_bytes), "set the size of");
      Check(mdb_env_set_maxreaders(environment_, kMaximumReaders), "set the readers of");
      Check(mdb_env_open(environment_, path.c_str(), flags | MDB_NOSUBDIR | MDB_NOTLS, kMode),
            "open");
      OpenTable((flags & MDB_RDONLY) != 0);
    } catch (...) {
      mdb_env_close(environment_);
      throw;
    }
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() { mdb_env_close(environment_); }

  MDB_txn* Begin(unsigned flags) const {
    MDB_txn* transaction = nullptr;
    Check(mdb_txn_begin(environment_, nullptr, flags, &transaction), "begin a transaction of");
    return transaction;
  }

  // Returns when everything committed is on storage.
  void Sync() const { Check(mdb_env_sync(environment_, 1), "synchronise"); }

  void Check(int code, std::string_view operation) const {
    if (code != MDB_SUCCESS) Fail(operation, path_, code);
  }

  MDB_dbi table() const { return table_; }

 private:
  static constexpr unsigned kMaximumReaders = 4352;  // sessions of a trial, and a few more
  static constexpr mdb_mode_t kMode = 0644;

  void OpenTable(bool read_only) {
    MDB_txn* const transaction = Begin(read_only ? MDB_RDONLY : 0);
    const int code = mdb_dbi_open(transaction, nullptr, MDB_INTEGERKEY, &table_);
    if (code != MDB_SUCCESS) {
      mdb_txn_abort(transaction);
      Check(code, "open the records of");
    }
    Check(mdb_txn_commit(transaction), "open the records of");
  }

  std::string path_;
  MDB_env* environment_ = nullptr;
  MDB_dbi table_ = 0;
};

MDB_val AsKey(std::size_t& number) { return {sizeof number, &number}; }

std::span<const std::byte> AsBytes(const MDB_val& value) {
  return {static_cast<const std::byte*>(value.mv_data), value.mv_size};
}

// The transaction that a session is in. Ends in the thread that began it, as LMDB asks.
class Transactions {
 public:
  Transactions(const Environment& environment, std::uint64_t batch)
      : environment_(&environment), batch_(batch) {}
  Transactions(const Transactions&) = delete;
  Transactions& operator=(const Transactions&) = delete;
  ~Transactions() {
    if (changing_ != nullptr) mdb_txn_abort(changing_);
    if (reading_ != nullptr) mdb_txn_abort(reading_);
  }

  void BeforeRead() {
    if (changing_ != nullptr || is_reading_) return;
    if (reading_ == nullptr) {
      reading_ = environment_->Begin(MDB_RDONLY);
    } else {
      environment_->Check(mdb_txn_renew(reading_), "begin a transaction of");
    }
    is_reading_ = true;
  }

  void BeforeChange() {
    if (changing_ != nullptr) return;
    // What a reader sees can't be used again by the writer.
    EndReading();
    changing_ = environment_->Begin(0);
  }

  void AfterOperation() {
    if (++operations_ >= batch_) End();
  }

  void End() {
    operations_ = 0;
    EndReading();
    if (changing_ == nullptr) return;
    // It is gone, whatever the result.
    environment_->Check(mdb_txn_commit(std::exchange(changing_, nullptr)), "commit to");
  }

  // With the record in the view.
  template <class Take>
  void Visit(std::size_t number, std::uint64_t record_bytes, Take&& take) {
    MDB_val key = AsKey(number);
    MDB_val value;
    const int code =
        mdb_get(changing_ != nullptr ? changing_ : reading_, environment_->table(), &key, &value);
    if (code != MDB_SUCCESS || value.mv_size != record_bytes) FailRecord("read", number, code);
    take(AsBytes(value));
  }

  void Store(std::size_t number, std::span<std::byte> record) {
    MDB_val key = AsKey(number);
    MDB_val value = {record.size(), record.data()};
    const int code = mdb_put(changing_, environment_->table(), &key, &value, 0);
    if (code != MDB_SUCCESS) FailRecord("write", number, code);
  }

  // Room for the whole record, to be filled before anything else is done.
  std::span<std::byte> Reserve(std::size_t number, std::uint64_t record_bytes) {
    MDB_val key = AsKey(number);
    MDB_val value = {record_bytes, nullptr};
    const int code = mdb_put(changing_, environment_->table(), &key, &value, MDB_RESERVE);
    if (code != MDB_SUCCESS) FailRecord("write", number, code);
    return {static_cast<std::byte*>(value.mv_data), value.mv_size};
  }

 private:
  void EndReading() {
    if (is_reading_) mdb_txn_reset(reading_);
    is_reading_ = false;
  }

  [[noreturn, gnu::cold, gnu::noinline]] void FailRecord(std::string_view operation,
                                                         std::size_t number, int code) {
    // So that no other session waits for a writer that won't go on.
    if (changing_ != nullptr) mdb_txn_abort(std::exchange(changing_, nullptr));
    const std::string record = fmt::format("record {}", number);
    if (code == MDB_SUCCESS) throw Error(fmt::format("LMDB has {} in another size", record));
    Fail(operation, record, code);
  }

  const Environment* environment_;
  std::uint64_t batch_;
  std::uint64_t operations_ = 0;  // of the open transaction
  MDB_txn* reading_ = nullptr;    // kept for the next one when not is_reading_
  bool is_reading_ = false;
  MDB_txn* changing_ = nullptr;
};

using LmdbAccess = TransactionalAccess<Transactions, Environment>;

fs::path StoragePath(const DatasetFile& file) { return PathBeside(file.path, kStorageSuffix); }

// Fills an empty file. Committed every now and then, as a transaction holds its pages in memory.
void ImportRecords(const DatasetFile& file, const Environment& environment) {
  constexpr std::uint64_t kCommittedBytes = std::uint64_t{32} << 20;
  const std::uint64_t committed_records =
      std::max<std::uint64_t>(kCommittedBytes / file.geometry.record_size, 1);
  MDB_txn* transaction = environment.Begin(0);
  try {
    ForEachRecord(file, [&](std::size_t number, std::span<const std::byte> record) {
      if (number != 0 && number % committed_records == 0) {
        environment.Check(mdb_txn_commit(std::exchange(transaction, nullptr)), "commit to");
        transaction = environment.Begin(0);
      }
      MDB_val key = AsKey(number);
      MDB_val value = {record.size(), const_cast<std::byte*>(record.data())};
      environment.Check(mdb_put(transaction, environment.table(), &key, &value, MDB_APPEND),
                        "append a record to");
    });
  } catch (...) {
    if (transaction != nullptr) mdb_txn_abort(transaction);
    throw;
  }
  environment.Check(mdb_txn_commit(transaction), "commit to");
}

void ExportRecords(const DatasetFile& file, const Environment& environment) {
  DataFileWriter writer(file);
  const std::unique_ptr<MDB_txn, void (*)(MDB_txn*)> transaction(environment.Begin(MDB_RDONLY),
                                                                 mdb_txn_abort);
  MDB_cursor* opened = nullptr;
  environment.Check(mdb_cursor_open(transaction.get(), environment.table(), &opened),
                    "go through the records of");
  const std::unique_ptr<MDB_cursor, void (*)(MDB_cursor*)> cursor(opened, mdb_cursor_close);
  MDB_val key;
  MDB_val value;
  int code = mdb_cursor_get(opened, &key, &value, MDB_FIRST);
  for (; code == MDB_SUCCESS; code = mdb_cursor_get(opened, &key, &value, MDB_NEXT)) {
    std::size_t number = 0;
    std::memcpy(&number, key.mv_data, sizeof number);
    writer.Put(number, AsBytes(value));
  }
  if (code != MDB_NOTFOUND) environment.Check(code, "go through the records of");
  writer.Finish();
}

StorageFiles FilesOf(const DatasetFile& file) {
  const fs::path storage = StoragePath(file);
  return StorageFiles({storage, PathBeside(storage, "-lock")});
}

class Lmdb final : public Strategy {
 public:
  explicit Lmdb(LmdbOptions options) : options_(std::move(options)) {}

  // Without writemap: with it the file would have its greatest size at once.
  void Import(const DatasetFile& file) const override {
    FilesOf(file).Claim();
    const fs::path storage = StoragePath(file);
    {
      const Environment environment(storage, MDB_NOSYNC, MapBytes(file.geometry, 1));
      ImportRecords(file, environment);
      environment.Sync();
    }
    os::File::Open(storage, os::FileAccess::kReadWrite).SyncAll();
    os::SyncDirectory(storage.parent_path());
  }

  void Export(const DatasetFile& file) const override {
    if (environment_) {
      ExportRecords(file, *environment_);
    } else {
      ExportRecords(file, {StoragePath(file), MDB_RDONLY, MapBytes(file.geometry, options_.batch)});
    }
  }

  void Discard(const DatasetFile& file) const override { FilesOf(file).Remove(); }

  void Open(const DatasetFile& file) override {
    OpenDataFile(file, os::FileAccess::kReadWrite);
    const fs::path storage = StoragePath(file);
    // LMDB would make one that is missing.
    os::File::Open(storage, os::FileAccess::kReadWrite);
    unsigned flags = options_.written_through_view ? MDB_WRITEMAP : 0;
    if (options_.sync == "none") flags |= MDB_NOSYNC;
    if (options_.sync == "nometa") flags |= MDB_NOMETASYNC;
    record_bytes_ = file.geometry.record_size;
    map_bytes_ = MapBytes(file.geometry, options_.batch);
    environment_.emplace(storage, flags, map_bytes_);
  }

  std::unique_ptr<Session> NewSession() override {
    auto transactions = std::make_unique<Transactions>(*environment_, options_.batch);
    const std::lock_guard lock(mutex_);
    sessions_.push_back(std::move(transactions));
    return std::make_unique<Synchronous<LmdbAccess>>(*sessions_.back(), *environment_,
                                                     record_bytes_);
  }

  void Flush() override { environment_->Sync(); }

  void Close() override {
    sessions_.clear();
    environment_.reset();
  }

  std::map<std::string, std::string> Settings() const override {
    return {{"library", mdb_version(nullptr, nullptr, nullptr)},
            {"mapped", FormatSize(map_bytes_)}};
  }

 private:
  LmdbOptions options_;
  std::uint64_t record_bytes_ = 0;
  std::uint64_t map_bytes_ = 0;
  std::optional<Environment> environment_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Transactions>> sessions_;
};

std::unique_ptr<Strategy> Make(const Options& options) {
  return std::make_unique<Lmdb>(LmdbOptions{.sync = options.Choice("sync"),
                                            .written_through_view = options.Flag("writemap"),
                                            .batch = options.Count("batch")});
}

constexpr const char* kUnavailable = "";

#else

std::unique_ptr<Strategy> Make(const Options&) { return nullptr; }

constexpr const char* kUnavailable =
    "built without LMDB; install its development package and build again";

#endif

const Registration<StrategyInfo> kRegistered{{
    .name = "lmdb",
    .summary = "values of an LMDB file beside the data file, read in a mapping of it",
    .calls =
        "none per read; per transaction of changes about 5: pwrite per page, and by sync fdatasync",
    .copies = "none per read; a change copies the page it lies in, and with writemap=off that page "
              "again to the file",
    .discards = "zeros are written as a change, nothing is given back",
    .capabilities = {.processes = false},
    .own_storage = kStorageSuffix,
    .slow = true,
    .options = {{.name = "sync",
                 .kind = OptionKind::kChoice,
                 .default_value = "none",
                 .summary = "what a commit syncs: all, all but the file's head, nothing",
                 .choices = {"full", "nometa", "none"}},
                {.name = "writemap",
                 .kind = OptionKind::kFlag,
                 .default_value = "off",
                 .summary = "changes are stored through the view, not by calls"},
                BatchOption()},
    .unavailable = kUnavailable,
    .make = Make,
}};

}  // namespace
}  // namespace faultline::lmdb

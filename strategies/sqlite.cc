// sqlite: records as rows of an SQLite database beside the data file, one connection per session.
//
// System calls per record: SQLite decides, and the counters tell. With the defaults a page that is
// not in the connection's own cache is 1 pread, and a transaction some fcntl for its locks. A
// change is a transaction of its own that appends every page it touched to a log, 2 pwrite each;
// every 1,000 pages the log is synchronised and copied into the database, 1 pread and 1 pwrite a
// page and 1 fdatasync. With 50,000 records of 125 bytes that is 1.5 reads and 2.75 writes an
// update. journal=delete makes, synchronises and removes a journal per transaction instead: 10
// writes. Larger batches share all that among their operations.
//
// Not to be compared with strategies that promise nothing about a half-done change: a transaction
// takes effect wholly or not at all, also when the program crashes in its middle. And an update
// searches the row twice, once to read it and once to write it, as a program does that must see the
// old value.
//
// With synchronous=off a power cut may leave a database that can't be read, flushed changes
// included, if changes follow the flush. The default, synchronous=normal with a log, can't.
#if FAULTLINE_HAVE_SQLITE
#include <fmt/format.h>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "faultline/synchronous.h"
#include "strategies/sqlite_connection.h"
#endif

#include "faultline/strategy.h"
#include "harness/os/whole_file.h"
#include "strategies/own_storage.h"

namespace faultline::sqlite {
namespace {

constexpr const char* kStorageSuffix = ".sqlite";

#if FAULTLINE_HAVE_SQLITE

namespace fs = std::filesystem;
using sqlite::Ask;
using sqlite::Connection;
using sqlite::Statement;

struct SqliteOptions {
  std::string journal = "wal";
  std::string synchronous = "normal";
  std::uint64_t mapped_bytes = 0;  // of the file that SQLite reads through a view
  std::uint64_t cache_bytes = 0;   // of each connection's own cache
  std::uint64_t batch = 1;         // operations per transaction
};

// A session's connection with its statements, and the transaction that it is in.
class Transactions {
 public:
  Transactions(const fs::path& storage, const SqliteOptions& options)
      : connection_(storage, Connection::Making::kExisting), batch_(options.batch) {
    connection_.KeepLogAtClose();
    const std::string journal = Ask(connection_, "journal_mode=" + options.journal);
    if (journal != options.journal) {
      throw UnsupportedError(
          fmt::format("SQLite can't use journal={} for {} and stays with {}; choose another "
                      "journal or another directory",
                      options.journal, storage.string(), journal));
    }
    connection_.Run(fmt::format("PRAGMA synchronous={}", options.synchronous));
    // Negative: in units of 1 KiB.
    connection_.Run(fmt::format("PRAGMA cache_size=-{}", (options.cache_bytes + 1023) / 1024));
    const std::string mapped = Ask(connection_, fmt::format("mmap_size={}", options.mapped_bytes));
    if (!mapped.empty() && mapped != std::to_string(options.mapped_bytes)) {
      throw UnsupportedError(
          fmt::format("SQLite was built to map at most {} bytes of a database; choose that much "
                      "for mmap, or less",
                      mapped));
    }
    find_.emplace(connection_, "SELECT data FROM records WHERE number=?1");
    store_.emplace(connection_, "UPDATE records SET data=?2 WHERE number=?1");
    begin_read_.emplace(connection_, "BEGIN");
    begin_change_.emplace(connection_, "BEGIN IMMEDIATE");
    commit_.emplace(connection_, "COMMIT");
  }

  void BeforeRead() {
    // A statement outside a transaction is one by itself.
    if (batch_ == 1 || open_ != Open::kNone) return;
    begin_read_->Execute();
    open_ = Open::kReading;
  }

  // A transaction that began as a reader and turns into a writer may find itself out of date, or
  // wait for another that waits for it: the writer's lock is taken first of all.
  void BeforeChange() {
    if (open_ == Open::kReading) End();
    if (open_ == Open::kChanging) return;
    begin_change_->Execute();
    open_ = Open::kChanging;
  }

  void AfterOperation() {
    if (++operations_ >= batch_) End();
  }

  void End() {
    operations_ = 0;
    if (open_ == Open::kNone) return;
    commit_->Execute();
    open_ = Open::kNone;
  }

  // With the record in SQLite's memory.
  template <class Take>
  void Visit(std::uint64_t number, std::uint64_t record_bytes, Take&& take) {
    find_->Bind(1, number);
    if (!find_->Step()) FailMissing(number);
    const std::span<const std::byte> record = find_->Bytes(0);
    if (record.size() != record_bytes) FailMissing(number);
    take(record);
    find_->Reset();
  }

  void Store(std::uint64_t number, std::span<const std::byte> record) {
    store_->Bind(1, number);
    store_->Bind(2, record);
    store_->Execute();
    if (sqlite3_changes(connection_.get()) != 1) FailMissing(number);
  }

  const Connection& connection() const { return connection_; }

  void Close() {
    for (auto* const statement : {&find_, &store_, &begin_read_, &begin_change_, &commit_}) {
      statement->reset();
    }
    connection_.Close();
  }

 private:
  enum class Open { kNone, kReading, kChanging };

  [[noreturn, gnu::cold, gnu::noinline]] static void FailMissing(std::uint64_t number) {
    throw Error(
        fmt::format("the SQLite database has no record {} of the right size: another program "
                    "changed it; keep others off it",
                    number));
  }

  Connection connection_;
  std::uint64_t batch_;
  std::uint64_t operations_ = 0;  // of the open transaction
  Open open_ = Open::kNone;
  std::optional<Statement> find_, store_, begin_read_, begin_change_, commit_;
};

fs::path StoragePath(const DatasetFile& file) { return PathBeside(file.path, kStorageSuffix); }
fs::path LogPath(const fs::path& storage) { return PathBeside(storage, "-wal"); }

StorageFiles FilesOf(const DatasetFile& file) {
  const fs::path storage = StoragePath(file);
  return StorageFiles(
      {storage, LogPath(storage), PathBeside(storage, "-shm"), PathBeside(storage, "-journal")});
}

// The database file itself, opened by this process apart from SQLite. Closing any handle of it
// drops all of the process's locks on it, so this is closed after the last connection.
class DatabaseFile {
 public:
  void Open(const fs::path& storage) {
    file_ = os::File::Open(storage, os::FileAccess::kReadWrite);
  }

  // Everything committed is on storage when this returns, in the log or in the database. SQLite
  // syncs nothing at a commit with synchronous=off, nor with a log and synchronous=normal; the
  // directory has the removal of a journal, which would undo what was committed since.
  void Sync() const {
    if (const fs::path log = LogPath(file_.path()); fs::exists(log)) {
      os::File::Open(log, os::FileAccess::kRead).SyncData();
    }
    file_.SyncData();
    os::SyncDirectory(file_.path().parent_path());
  }

  void Close() { file_.Close(); }

  const fs::path& path() const { return file_.path(); }

 private:
  os::File file_;
};

using SqliteAccess = TransactionalAccess<Transactions, DatabaseFile>;

class Sqlite final : public Strategy {
 public:
  explicit Sqlite(SqliteOptions options) : options_(std::move(options)) {}

  void Import(const DatasetFile& file) const override {
    FilesOf(file).Claim();
    const fs::path storage = StoragePath(file);
    Connection connection(storage, Connection::Making::kNew);
    // No other connection is open, and what a crash leaves is replaced: no journal, and one
    // synchronisation.
    connection.Run(
        "PRAGMA journal_mode=off; PRAGMA synchronous=off;"
        "CREATE TABLE records(number INTEGER PRIMARY KEY, data BLOB NOT NULL); BEGIN");
    {
      const Statement insert(connection, "INSERT INTO records VALUES(?1, ?2)");
      ForEachRecord(file, [&](std::uint64_t number, std::span<const std::byte> record) {
        insert.Bind(1, number);
        insert.Bind(2, record);
        insert.Execute();
      });
    }
    connection.Run("COMMIT");
    // The file remembers this one of the journals, so that opening it later changes nothing.
    if (options_.journal == "wal") Ask(connection, "journal_mode=wal");
    connection.Close();
    os::File::Open(storage, os::FileAccess::kReadWrite).SyncAll();
    os::SyncDirectory(storage.parent_path());
  }

  // Opening a database rolls a left journal back, or reads a left log.
  void Export(const DatasetFile& file) const override {
    const fs::path storage = StoragePath(file);
    DataFileWriter writer(file);
    Connection connection(storage, Connection::Making::kExisting);
    {
      const Statement all(connection, "SELECT number, data FROM records ORDER BY number");
      while (all.Step()) writer.Put(all.Number(0), all.Bytes(1));
    }
    writer.Finish();
    connection.Close();
  }

  void Discard(const DatasetFile& file) const override { FilesOf(file).Remove(); }

  void Open(const DatasetFile& file) override {
    if (sqlite3_threadsafe() == 0) {
      throw UnsupportedError("this SQLite was built for programs of one thread; install another");
    }
    OpenDataFile(file, os::FileAccess::kReadWrite);
    record_bytes_ = file.geometry.record_size;
    database_.Open(StoragePath(file));
    // Fails here rather than in the first session.
    own_ = std::make_unique<Transactions>(database_.path(), options_);
    page_bytes_ = Ask(own_->connection(), "page_size");
  }

  std::unique_ptr<Session> NewSession() override {
    auto transactions = std::make_unique<Transactions>(database_.path(), options_);
    const std::lock_guard lock(mutex_);
    sessions_.push_back(std::move(transactions));
    return std::make_unique<Synchronous<SqliteAccess>>(*sessions_.back(), database_, record_bytes_);
  }

  void Flush() override {
    database_.Sync();
    if (options_.journal != "wal") return;
    if (sqlite3_wal_checkpoint_v2(own_->connection().get(), nullptr, SQLITE_CHECKPOINT_FULL,
                                  nullptr, nullptr) != SQLITE_OK) {
      own_->connection().Fail("copy the log into");
    }
    database_.Sync();
  }

  void Close() override {
    for (const auto& session : sessions_) session->Close();
    own_->Close();
    database_.Close();
  }

  std::map<std::string, std::string> Settings() const override {
    return {{"library", fmt::format("SQLite {}", sqlite3_libversion())}, {"page", page_bytes_}};
  }

 private:
  SqliteOptions options_;
  std::uint64_t record_bytes_ = 0;
  std::string page_bytes_;
  DatabaseFile database_;
  std::unique_ptr<Transactions> own_;  // for what no session does
  std::mutex mutex_;
  std::vector<std::unique_ptr<Transactions>> sessions_;
};

std::unique_ptr<Strategy> Make(const Options& options) {
  return std::make_unique<Sqlite>(SqliteOptions{.journal = options.Choice("journal"),
                                                .synchronous = options.Choice("synchronous"),
                                                .mapped_bytes = options.Size("mmap"),
                                                .cache_bytes = options.Size("cache"),
                                                .batch = options.Count("batch")});
}

constexpr const char* kUnavailable = "";

#else

std::unique_ptr<Strategy> Make(const Options&) { return nullptr; }

constexpr const char* kUnavailable =
    "built without SQLite; install its development package and build again";

#endif

const Registration<StrategyInfo> kRegistered{{
    .name = "sqlite",
    .summary = "rows of an SQLite database beside the data file, by prepared statements",
    .calls = "chosen by SQLite: pread per page that it hasn't cached, per change 2 pwrite per page "
             "and its share of fdatasync, per transaction fcntl",
    .copies = "none per read in the engine's page; a change copies the record into the engine's "
              "page, and that into log and file",
    .discards = "zeros are written as a change, nothing is given back",
    .capabilities = {.processes = false},
    .own_storage = kStorageSuffix,
    .slow = true,
    .options = {{.name = "journal",
                 .kind = OptionKind::kChoice,
                 .default_value = "wal",
                 .summary = "a log that is read too, a journal per transaction, or none",
                 .choices = {"wal", "delete", "off"}},
                {.name = "synchronous",
                 .kind = OptionKind::kChoice,
                 .default_value = "normal",
                 .summary =
                     "what SQLite syncs: nothing, what keeps the database whole, each commit",
                 .choices = {"off", "normal", "full"}},
                {.name = "mmap",
                 .kind = OptionKind::kSize,
                 .default_value = "0",
                 .summary = "bytes of the database that are read through a view"},
                {.name = "cache",
                 .kind = OptionKind::kSize,
                 .default_value = "2000KiB",
                 .summary = "bytes of each session's own cache of pages",
                 .minimum = 1024,
                 .maximum = 1e12},
                BatchOption()},
    .unavailable = kUnavailable,
    .make = Make,
}};

}  // namespace
}  // namespace faultline::sqlite

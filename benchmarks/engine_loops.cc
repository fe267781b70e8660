#include "benchmarks/engine_loops.h"

#include <cstring>
#include <stdexcept>
#include <string>

#if FAULTLINE_HAVE_SQLITE
#include <sqlite3.h>
#endif
#if FAULTLINE_HAVE_LMDB
#include <lmdb.h>
#endif

namespace faultline::peers {
namespace {

void AddOne(std::byte* record) {
  std::uint64_t word;
  std::memcpy(&word, record, sizeof word);
  ++word;
  std::memcpy(record, &word, sizeof word);
}

std::uint64_t WordOf(const void* record) {
  std::uint64_t word;
  std::memcpy(&word, record, sizeof word);
  return word;
}

#if FAULTLINE_HAVE_SQLITE

class SqliteRecords final : public EngineRecords {
 public:
  SqliteRecords(const std::filesystem::path& path, std::uint64_t records, std::size_t record_bytes)
      : record_(record_bytes) {
    const bool is_new = !std::filesystem::exists(path);
    sqlite3* opened = nullptr;
    const int code =
        sqlite3_open_v2(path.c_str(), &opened,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    database_.reset(opened);
    Check(code);
    Run("PRAGMA journal_mode=wal; PRAGMA synchronous=normal; PRAGMA cache_size=-2000");
    if (is_new) Fill(records);
    begin_ = Prepare("BEGIN IMMEDIATE");
    find_ = Prepare("SELECT data FROM records WHERE number=?1");
    store_ = Prepare("UPDATE records SET data=?2 WHERE number=?1");
    commit_ = Prepare("COMMIT");
  }
  ~SqliteRecords() override {
    for (sqlite3_stmt* statement : {begin_, find_, store_, commit_}) sqlite3_finalize(statement);
  }

  void Increment(std::span<const std::uint64_t> numbers) override {
    for (const std::uint64_t number : numbers) {
      Step(begin_, SQLITE_DONE);
      Find(number);
      AddOne(record_.data());
      Execute(store_, number);
      Step(commit_, SQLITE_DONE);
    }
  }

  std::uint64_t FirstWord(std::uint64_t number) override {
    Find(number);
    return WordOf(record_.data());
  }

 private:
  void Fill(std::uint64_t records) const {
    Run("CREATE TABLE records(number INTEGER PRIMARY KEY, data BLOB NOT NULL)");
    sqlite3_stmt* insert = Prepare("INSERT INTO records VALUES(?1, ?2)");
    Run("BEGIN");
    for (std::uint64_t number = 0; number < records; ++number) Execute(insert, number);
    Run("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    sqlite3_finalize(insert);
  }

  void Check(int code) const {
    if (code != SQLITE_OK) {
      throw std::runtime_error(std::string("hand-written loop: ") +
                               sqlite3_errmsg(database_.get()));
    }
  }

  void Run(const char* commands) const {
    Check(sqlite3_exec(database_.get(), commands, nullptr, nullptr, nullptr));
  }

  sqlite3_stmt* Prepare(const char* text) const {
    sqlite3_stmt* statement = nullptr;
    Check(sqlite3_prepare_v3(database_.get(), text, -1, SQLITE_PREPARE_PERSISTENT, &statement,
                             nullptr));
    return statement;
  }

  // Runs the statement to its end.
  void Step(sqlite3_stmt* statement, int expected) const {
    if (sqlite3_step(statement) != expected) Check(sqlite3_errcode(database_.get()));
    Check(sqlite3_reset(statement));
  }

  void Find(std::uint64_t number) {
    sqlite3_bind_int64(find_, 1, static_cast<sqlite3_int64>(number));
    if (sqlite3_step(find_) != SQLITE_ROW) throw std::runtime_error("hand-written loop: no record");
    std::memcpy(record_.data(), sqlite3_column_blob(find_, 0), record_.size());
    Check(sqlite3_reset(find_));
  }

  void Execute(sqlite3_stmt* statement, std::uint64_t number) const {
    sqlite3_bind_int64(statement, 1, static_cast<sqlite3_int64>(number));
    sqlite3_bind_blob(statement, 2, record_.data(), static_cast<int>(record_.size()),
                      SQLITE_STATIC);
    Step(statement, SQLITE_DONE);
  }

  std::vector<std::byte> record_;
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> database_ = {nullptr, sqlite3_close_v2};
  sqlite3_stmt* begin_ = nullptr;
  sqlite3_stmt* find_ = nullptr;
  sqlite3_stmt* store_ = nullptr;
  sqlite3_stmt* commit_ = nullptr;
};

#endif

#if FAULTLINE_HAVE_LMDB

class LmdbRecords final : public EngineRecords {
 public:
  LmdbRecords(const std::filesystem::path& path, std::uint64_t records, std::size_t record_bytes)
      : record_(record_bytes) {
    const bool is_new = !std::filesystem::exists(path);
    MDB_env* created = nullptr;
    Check(mdb_env_create(&created));
    environment_.reset(created);
    // Twice what the records take, and as much again for what transactions leave free.
    Check(mdb_env_set_mapsize(created, (4 * records * record_bytes / 4096 + 16384) * 4096));
    Check(mdb_env_open(created, path.c_str(), MDB_NOSUBDIR | MDB_NOSYNC | MDB_NOTLS, 0644));
    Transaction transaction = Begin();
    Check(mdb_dbi_open(transaction.get(), nullptr, MDB_INTEGERKEY | MDB_CREATE, &table_));
    for (std::size_t number = 0; is_new && number < records; ++number) {
      Put(transaction.get(), number, MDB_APPEND);
    }
    Check(mdb_txn_commit(transaction.release()));
    Check(mdb_env_sync(created, 1));
  }

  void Increment(std::span<const std::uint64_t> numbers) override {
    for (const std::uint64_t number : numbers) {
      Transaction transaction = Begin();
      Get(transaction.get(), number);
      AddOne(record_.data());
      Put(transaction.get(), number, 0);
      Check(mdb_txn_commit(transaction.release()));
    }
  }

  std::uint64_t FirstWord(std::uint64_t number) override {
    Get(Begin().get(), number);
    return WordOf(record_.data());
  }

 private:
  using Transaction = std::unique_ptr<MDB_txn, void (*)(MDB_txn*)>;
  static void Check(int code) {
    if (code != MDB_SUCCESS) {
      throw std::runtime_error(std::string("hand-written loop: ") + mdb_strerror(code));
    }
  }

  Transaction Begin() const {
    MDB_txn* begun = nullptr;
    Check(mdb_txn_begin(environment_.get(), nullptr, 0, &begun));
    return {begun, mdb_txn_abort};
  }

  void Get(MDB_txn* transaction, std::size_t number) {
    MDB_val key = {sizeof number, &number};
    MDB_val value;
    Check(mdb_get(transaction, table_, &key, &value));
    std::memcpy(record_.data(), value.mv_data, record_.size());
  }

  void Put(MDB_txn* transaction, std::size_t number, unsigned flags) {
    MDB_val key = {sizeof number, &number};
    MDB_val value = {record_.size(), record_.data()};
    Check(mdb_put(transaction, table_, &key, &value, flags));
  }

  std::vector<std::byte> record_;
  std::unique_ptr<MDB_env, void (*)(MDB_env*)> environment_ = {nullptr, mdb_env_close};
  MDB_dbi table_ = 0;
};

#endif

}  // namespace

std::unique_ptr<EngineRecords> MakeSqliteRecords([[maybe_unused]] const std::filesystem::path& path,
                                                 [[maybe_unused]] std::uint64_t records,
                                                 [[maybe_unused]] std::size_t record_bytes) {
#if FAULTLINE_HAVE_SQLITE
  return std::make_unique<SqliteRecords>(path, records, record_bytes);
#else
  return nullptr;
#endif
}

std::unique_ptr<EngineRecords> MakeLmdbRecords([[maybe_unused]] const std::filesystem::path& path,
                                               [[maybe_unused]] std::uint64_t records,
                                               [[maybe_unused]] std::size_t record_bytes) {
#if FAULTLINE_HAVE_LMDB
  return std::make_unique<LmdbRecords>(path, records, record_bytes);
#else
  return nullptr;
#endif
}

}  // namespace faultline::peers

// What a strategy on SQLite needs of its library: connections and prepared statements, whose
// failures are errors in words.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <span>
#include <string>
#include <string_view>

#include "faultline/error.h"

namespace faultline::sqlite {

// An open database file. Not thread-safe: each connection is one session's.
class Connection {
 public:
  enum class Making { kExisting, kNew };

  Connection(const std::filesystem::path& path, Making making) : path_(path) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                      (making == Making::kNew ? SQLITE_OPEN_CREATE : 0);
    if (sqlite3_open_v2(path.c_str(), &database_, flags, nullptr) != SQLITE_OK) {
      const std::string reason = sqlite3_errmsg(database_);
      sqlite3_close_v2(database_);
      throw Error(fmt::format("SQLite can't open {}: {}", path.string(), reason));
    }
    sqlite3_busy_timeout(database_, kBusyMilliseconds);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { sqlite3_close_v2(database_); }

  // REQUIRES: its statements are gone. Throws Error.
  void Close() {
    if (sqlite3_close(database_) != SQLITE_OK) Fail("close");
    database_ = nullptr;
  }

  sqlite3* get() const { return database_; }

  void Run(const std::string& commands) const {
    if (sqlite3_exec(database_, commands.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
      Fail(fmt::format("run '{}' on", commands));
    }
  }

  // Closing the last connection copies the log into the database unless told not to.
  void KeepLogAtClose() const {
    sqlite3_db_config(database_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }

  [[noreturn, gnu::cold, gnu::noinline]] void Fail(std::string_view operation) const {
    const int code = sqlite3_errcode(database_);
    const std::string_view remedy =
        code == SQLITE_BUSY   ? "; another program has it locked; keep others off it"
        : code == SQLITE_FULL ? "; use fewer records or choose another directory"
                              : "";
    throw Error(fmt::format("SQLite can't {} {}: {} ({}){}", operation, path_.string(),
                            sqlite3_errmsg(database_), sqlite3_extended_errcode(database_),
                            remedy));
  }

 private:
  // Longer than any transaction of another session takes, shorter than a trial's deadlines.
  static constexpr int kBusyMilliseconds = 60'000;

  std::filesystem::path path_;
  sqlite3* database_ = nullptr;
};

// A prepared statement of a connection, which outlives it.
class Statement {
 public:
  Statement(const Connection& connection, std::string_view text) : connection_(&connection) {
    if (sqlite3_prepare_v3(connection.get(), text.data(), static_cast<int>(text.size()),
                           SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) != SQLITE_OK) {
      connection.Fail(fmt::format("prepare '{}' for", text));
    }
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(statement_); }

  void Bind(int place, std::uint64_t number) const {
    if (sqlite3_bind_int64(statement_, place, static_cast<sqlite3_int64>(number)) != SQLITE_OK) {
      connection_->Fail("name a record of");
    }
  }

  // The bytes stay the caller's until Reset.
  void Bind(int place, std::span<const std::byte> bytes) const {
    if (sqlite3_bind_blob(statement_, place, bytes.data(), static_cast<int>(bytes.size()),
                          SQLITE_STATIC) != SQLITE_OK) {
      connection_->Fail("pass a record to");
    }
  }

  // Whether there is a row.
  bool Step() const {
    const int result = sqlite3_step(statement_);
    if (result == SQLITE_ROW) return true;
    if (result != SQLITE_DONE) connection_->Fail("execute a statement on");
    return false;
  }

  void Reset() const { sqlite3_reset(statement_); }

  void Execute() const {
    Step();
    Reset();
  }

  std::uint64_t Number(int column) const {
    return static_cast<std::uint64_t>(sqlite3_column_int64(statement_, column));
  }

  // In SQLite's memory, until the next Step or Reset.
  std::span<const std::byte> Bytes(int column) const {
    const auto* const bytes =
        static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

  std::string Text(int column) const {
    const unsigned char* const text = sqlite3_column_text(statement_, column);
    return text == nullptr ? "" : reinterpret_cast<const char*>(text);
  }

 private:
  const Connection* connection_;
  sqlite3_stmt* statement_ = nullptr;
};

// What a pragma answers, or "".
inline std::string Ask(const Connection& connection, const std::string& pragma) {
  const Statement statement(connection, "PRAGMA " + pragma);
  return statement.Step() ? statement.Text(0) : "";
}

}  // namespace faultline::sqlite

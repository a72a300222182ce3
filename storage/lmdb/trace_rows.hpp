#pragma once

#include "base/octets.hpp"
#include "storage/lmdb/env.hpp"
#include "storage/trace_store.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// Rows of the message trace: appended, never changed, removed from the front.
namespace hauspost::storage::lmdb::trace_rows {

// Table "trace": time of writing in microseconds u64, number u32 -> version u8 = 1 | step u8 |
// rule u8 | door u8 | blob u64 | id u64 | account u32 | fields; a field is a tag u8, a length in
// LEB128 and so many octets.
inline constexpr std::uint8_t row_version = 1;
inline constexpr std::size_t row_head = 24;
inline constexpr std::size_t max_blobs = 150;  // of one row

enum class field : std::uint8_t {
    // texts
    from = 1,
    to = 2,
    target = 3,
    by = 4,
    peer = 5,
    words = 6,
    tls = 7,
    message_id = 8,
    subject = 9,
    // numbers in LEB128
    number = 16,
    attempt = 17,
    due_at = 18,
    age = 19,  // how long before it was written it happened, in milliseconds
    // blob ids in LEB128: the first, then by how much each is greater than the one before
    blobs = 32,
};

[[nodiscard]] std::string key_of(trace_place at);
/// Throws  fault for a key of another size
[[nodiscard]] trace_place place_of(std::string_view key);

/// Texts are cut to what a row may hold. At most max_blobs, ascending.
/// written_at  Unix milliseconds
[[nodiscard]] std::string encode(const trace_event& event, std::int64_t written_at);
/// Throws  fault
[[nodiscard]] trace_event decode(trace_place at, std::string_view row);

/// Reads single fields of a row in place. What is damaged is empty.
class view {
public:
    explicit view(std::string_view row) noexcept : row_(row) {}
    /// A row of this version, with a whole head.
    [[nodiscard]] bool is_sound() const noexcept {
        return row_.size() >= row_head && static_cast<std::uint8_t>(row_[0]) == row_version;
    }
    // Of a sound row.
    [[nodiscard]] trace_step step() const noexcept { return static_cast<trace_step>(row_[1]); }
    [[nodiscard]] blob_id blob() const noexcept {
        return blob_id(load_le<std::uint64_t>(row_.data() + 4));
    }
    [[nodiscard]] trace_id id() const noexcept {
        return trace_id(load_le<std::uint64_t>(row_.data() + 12));
    }
    [[nodiscard]] account_id account() const noexcept {
        return account_id(load_le<std::uint32_t>(row_.data() + 20));
    }
    /// Empty: it has none.
    [[nodiscard]] std::string_view text(field which) const noexcept;

private:
    std::string_view row_;
};

}  // namespace hauspost::storage::lmdb::trace_rows

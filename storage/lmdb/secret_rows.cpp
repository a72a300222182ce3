#include "storage/lmdb/secret_rows.hpp"

#include "base/octets.hpp"
#include "storage/fault.hpp"

namespace hauspost::storage::lmdb {
namespace {

constexpr std::size_t secret_head = 16;  // version and time

}  // namespace

std::string encode(const named_secret& row) {
    std::string out;
    // Once: what is given up on growing would keep a part of the secret.
    out.reserve(secret_head + row.octets.reveal().size());
    append_le(out, row.version);
    append_le(out, row.created_at);
    out += row.octets.reveal();
    return out;
}

named_secret decode_secret(std::string_view name, std::string_view octets) {
    if (octets.size() < secret_head) throw fault("damaged row in table secret");
    named_secret row;
    row.name = name;
    row.version = load_le<std::uint64_t>(octets.data());
    row.created_at = load_le<std::int64_t>(octets.data() + sizeof(row.version));
    row.octets = secret(std::string(octets.substr(secret_head)));
    if (row.version == 0) throw fault("damaged row in table secret");
    return row;
}

}  // namespace hauspost::storage::lmdb

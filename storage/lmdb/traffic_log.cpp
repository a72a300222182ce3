#include "storage/lmdb/traffic_log.hpp"

#include "storage/lmdb/traffic_rows.hpp"

namespace hauspost::storage::lmdb {

void traffic_log::note_sign_in(bool right) noexcept {
    traffic passed;
    ++(right ? passed.sign_ins : passed.wrong_passwords);
    core_.traffic.note(passed);
}

awaitable<std::vector<hourly_traffic>> traffic_log::read(std::int64_t since) {
    const read_txn tx(core_.env);
    co_return traffic_rows::read(tx, since);
}

}  // namespace hauspost::storage::lmdb

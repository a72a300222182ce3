#include "storage/lmdb/open_store.hpp"

#include "storage/lmdb/audit_log.hpp"
#include "storage/lmdb/bans.hpp"
#include "storage/lmdb/blobs.hpp"
#include "storage/lmdb/deliveries.hpp"
#include "storage/lmdb/directory.hpp"
#include "storage/lmdb/expunged_mail.hpp"
#include "storage/lmdb/forwards.hpp"
#include "storage/lmdb/keeper.hpp"
#include "storage/lmdb/mailbox_annotations.hpp"
#include "storage/lmdb/mailboxes.hpp"
#include "storage/lmdb/overview_rows.hpp"
#include "storage/lmdb/owner_office.hpp"
#include "storage/lmdb/queue.hpp"
#include "storage/lmdb/secrets.hpp"
#include "storage/lmdb/senders.hpp"
#include "storage/lmdb/settings.hpp"
#include "storage/lmdb/sharing.hpp"
#include "storage/lmdb/sign_ins.hpp"
#include "storage/lmdb/store_core.hpp"
#include "storage/lmdb/tls_memory.hpp"
#include "storage/lmdb/trace_log.hpp"
#include "storage/lmdb/traffic_log.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace hauspost::storage::lmdb {
namespace {

/// What all ports share, and an object for each of them.
struct whole_store {
    explicit whole_store(const store_options& options) : core(options) {}
    ~whole_store() { core.stop(); }
    whole_store(const whole_store&) = delete;
    whole_store& operator=(const whole_store&) = delete;

    store_core core;
    lmdb::mailboxes mailboxes{core};
    lmdb::blobs blobs{core};
    lmdb::deliveries deliveries{core};
    lmdb::directory directory{core};
    lmdb::sharing sharing{core};
    mailbox_annotations annotations{core};
    lmdb::expunged_mail expunged{core};
    lmdb::queue queue{core};
    lmdb::secrets secrets{core};
    lmdb::senders senders{core};
    trace_log trace{core};
    lmdb::forwards forwards{core};
    tls_memory tls{core};
    owner_office owner{core};
    audit_log audit{core};
    traffic_log traffic{core};
    lmdb::bans bans{core};
    lmdb::sign_ins sign_ins{core};
    lmdb::settings settings{core};
    overview_rows overview{core};
    lmdb::keeper keeper{core, blobs};
    const ports all{mailboxes, blobs,    deliveries, directory, sharing, annotations,
                    expunged,  queue,    secrets,    senders,   trace,   forwards,
                    tls,       owner,    audit,      traffic,   bans,    sign_ins,
                    settings,  overview, core.news,  keeper};
};

}  // namespace

std::shared_ptr<const ports> open_store(const store_options& options) {
    try {
        const auto made = std::make_shared<whole_store>(options);
        return {made, &made->all};
    } catch (const std::filesystem::filesystem_error& error) {
        throw fault(std::string("cannot open the store: ") + error.what());
    }
}

}  // namespace hauspost::storage::lmdb

#include "storage/lmdb/migrate.hpp"

#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/write_context.hpp"

#include <spdlog/spdlog.h>

#include <array>

namespace hauspost::storage {
namespace {

using step = void (*)(write_txn&);

/// Tables "annotation", "rights" and "granted" came, empty. An older program would leave their rows
/// behind when a mailbox goes.
void add_sharing(write_txn&) {}

/// steps[n] leads from version n+1 to version n+2. Released steps are never changed.
constexpr std::array<step, schema::version - 1> steps{add_sharing};

constexpr std::string_view version_name = "schema";

}  // namespace

void migrate(environment& env) {
    for (;;) {
        write_txn tx(env);
        const auto found = meta_number(tx, version_name);
        if (found == schema::version) return;
        if (found > schema::version)
            throw fault("the store has format " + std::to_string(found) +
                        ", this program knows up to " + std::to_string(schema::version) +
                        ": start the newer Hauspost that wrote it");
        if (found == 0) {
            set_meta_number(tx, version_name, schema::version);
        } else {
            steps.at(found - 1)(tx);
            set_meta_number(tx, version_name, found + 1);
            spdlog::info("migrate from={} to={}", found, found + 1);
        }
        tx.commit();
    }
}

}  // namespace hauspost::storage

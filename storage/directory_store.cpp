#include "storage/directory_store.hpp"

namespace hauspost::storage {

bool account_change::is_outdated(const account& row) const {
    if (!seen) return false;
    const auto clashes = [&](auto field, const auto& wanted) {
        return wanted && row.*field != (*seen).*field && row.*field != *wanted;
    };
    return row.name != seen->name || clashes(&account::display_name, display_name) ||
           clashes(&account::password_hash, password_hash) ||
           clashes(&account::quota_octets, quota_octets) || clashes(&account::active, active) ||
           clashes(&account::forwards, forwards) || clashes(&account::keep_copy, keep_copy) ||
           clashes(&account::note, note) || clashes(&account::files_sent, files_sent);
}

account account_change::applied_to(account row) const {
    if (display_name) row.display_name = *display_name;
    if (password_hash) row.password_hash = *password_hash;
    if (quota_octets) row.quota_octets = *quota_octets;
    if (active) row.active = *active;
    if (forwards) row.forwards = *forwards;
    if (keep_copy) row.keep_copy = *keep_copy;
    if (note) row.note = *note;
    if (files_sent) row.files_sent = *files_sent;
    return row;
}

}  // namespace hauspost::storage

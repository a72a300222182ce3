#include "admin/refusal.hpp"

#include "storage/directory_store.hpp"
#include "storage/errc.hpp"

namespace hauspost::admin {

refusal refusal_of(error_code code, const std::string& subject) {
    using storage::errc;
    if (code == errc::no_such_account) return refuse(refusal_code::no_such_account, subject);
    if (code == errc::no_such_address) return refuse(refusal_code::no_such_address, subject);
    if (code == errc::no_such_domain) return refuse(refusal_code::domain_not_here, subject);
    if (code == errc::already_exists) return refuse(refusal_code::address_taken, subject);
    if (code == errc::invalid_name) return refuse(refusal_code::invalid_name, subject);
    if (code == errc::still_in_use) return refuse(refusal_code::domain_in_use, subject);
    if (code == errc::too_many_targets)
        return refuse_number(refusal_code::too_many_targets, storage::max_targets);
    if (code == errc::changed_meanwhile) return refuse(refusal_code::changed_meanwhile, subject);
    if (code == errc::disk_full) return refuse(refusal_code::disk_full);
    if (code == errc::busy) return refuse(refusal_code::busy);
    if (code == errc::unsure) return refuse(refusal_code::unsure);
    return refuse(refusal_code::store_refused, subject, code.message());
}

}  // namespace hauspost::admin

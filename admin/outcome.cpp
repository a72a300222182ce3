#include "admin/outcome.hpp"

#include "base/address.hpp"
#include "storage/directory_store.hpp"
#include "storage/errc.hpp"

namespace hauspost::admin {

refusal explain(error_code code, const std::string& canonical) {
    const auto subject = address::shown(canonical);
    if (code == storage::errc::no_such_account)
        return refuse("There is no account " + subject + ".");
    if (code == storage::errc::no_such_address)
        return refuse("There is no address " + subject + ".");
    if (code == storage::errc::no_such_domain)
        return refuse("The domain of " + subject + " is not here: add it with `domain add` first.");
    if (code == storage::errc::already_exists)
        return refuse(subject + " is already taken by an account or an alias.");
    if (code == storage::errc::invalid_name) return refuse(subject + " cannot be used as a name.");
    if (code == storage::errc::still_in_use)
        return refuse(subject +
                      " still has accounts or aliases: remove them first, `account list` and "
                      "`alias list` show them.");
    if (code == storage::errc::too_many_targets)
        return refuse("At most " + std::to_string(storage::max_targets) + " targets are possible.");
    if (code == storage::errc::disk_full)
        return refuse("The disk is full: make room, then try again.");
    if (code == storage::errc::busy)
        return refuse("The server is busy or stopping: try again in a moment.");
    return refuse("The store refuses: " + code.message() + " (" + subject + ").");
}

}  // namespace hauspost::admin

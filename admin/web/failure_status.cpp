#include "admin/web/failure_status.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace hauspost::admin::web {
namespace {

struct status_of_code {
    std::string_view code;
    unsigned status;
};

/// What is not here is 422: the request is well-formed and cannot be done as it stands.
constexpr std::array statuses{
    status_of_code{"no_object", 400},
    status_of_code{"bad_argument", 400},
    status_of_code{"name_twice", 400},
    status_of_code{"not_signed_in", 401},
    status_of_code{"owner_wrong", 403},
    status_of_code{"code_wanted", 403},
    status_of_code{"wrong_code", 403},
    status_of_code{"used_code", 403},
    status_of_code{"no_setup_link", 403},
    status_of_code{"console_only", 403},
    status_of_code{"unknown_command", 404},
    status_of_code{"no_such_account", 404},
    status_of_code{"no_such_address", 404},
    status_of_code{"no_such_alias", 404},
    status_of_code{"no_such_domain", 404},
    status_of_code{"no_such_message", 404},
    status_of_code{"no_such_session", 404},
    status_of_code{"nothing_banned", 404},
    status_of_code{"no_such_setting", 404},
    status_of_code{"address_taken", 409},
    status_of_code{"domain_exists", 409},
    status_of_code{"domain_in_use", 409},
    status_of_code{"changed_meanwhile", 409},
    status_of_code{"setting_fixed", 409},
    status_of_code{"nothing_to_restore", 409},
    status_of_code{"message_gone", 409},
    status_of_code{"removal_running", 409},
    status_of_code{"nobody_to_restore_to", 404},
    status_of_code{"no_such_removed_account", 404},
    status_of_code{"owner_is_set_up", 409},
    status_of_code{"owner_wait", 429},
    status_of_code{"internal_error", 500},
    status_of_code{"busy", 503},
    status_of_code{"logins_busy", 503},
    status_of_code{"check_running", 503},
    status_of_code{"unsure", 503},
    status_of_code{"disk_full", 507},
};

unsigned status_of(std::string_view code) {
    const auto found = std::find_if(statuses.begin(), statuses.end(),
                                    [code](const auto& one) { return one.code == code; });
    return found == statuses.end() ? 422 : found->status;
}

}  // namespace

http::response to_response(const api::failure& why) {
    auto said = why.facts;
    const auto status = status_of(why.code);
    said["status"] = status;
    said["code"] = why.code;
    said["detail"] = why.text;
    http::response made(status, "application/problem+json", api::json::serialize(said));
    made.fields.set("Cache-Control", "no-store");
    if (why.code == "owner_wait")
        if (const auto* seconds = why.facts.if_contains("number"))
            made.fields.set("Retry-After", api::json::serialize(*seconds));
    return made;
}

}  // namespace hauspost::admin::web

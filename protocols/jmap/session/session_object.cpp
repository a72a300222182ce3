#include "protocols/jmap/session/session_object.hpp"

#include "protocols/jmap/limits.hpp"
#include "protocols/jmap/session/call.hpp"
#include "protocols/jmap/session/email_query.hpp"
#include "protocols/jmap/session/method_table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace hauspost::jmap {
namespace {

json::object core_limits(const door_settings& settings) {
    using limits = request_limits;
    json::object made;
    made["maxSizeUpload"] = settings.max_upload_octets;
    made["maxConcurrentUpload"] = limits::max_concurrent_upload;
    made["maxSizeRequest"] = limits::max_size_request;
    made["maxConcurrentRequests"] = limits::max_concurrent_requests;
    made["maxCallsInRequest"] = limits::max_calls;
    made["maxObjectsInGet"] = limits::max_objects_in_get;
    made["maxObjectsInSet"] = limits::max_objects_in_set;
    made["collationAlgorithms"] = json::array{"i;unicode-casemap"};
    return made;
}

json::object mail_of_account(const door_settings& settings) {
    json::object made;
    made["maxMailboxesPerEmail"] = 32;
    made["maxMailboxDepth"] = 16;
    made["maxSizeMailboxName"] = 255;
    made["maxSizeAttachmentsPerEmail"] = settings.max_upload_octets / 10 * 7;
    json::array sorts;
    for (const auto name : email_sort_options())
        sorts.emplace_back(name);
    made["emailQuerySortOptions"] = std::move(sorts);
    made["mayCreateTopLevelMailbox"] = false;  // there is no Mailbox/set yet
    return made;
}

json::object account_object(const visible_account& one, const door_settings& settings) {
    json::object made;
    made["name"] = one.name;
    made["isPersonal"] = one.is_own;
    made["isReadOnly"] = true;  // there is no /set yet
    json::object capabilities;
    capabilities[core_capability] = json::object();
    capabilities[mail_capability] = mail_of_account(settings);
    made["accountCapabilities"] = std::move(capabilities);
    return made;
}

}  // namespace

std::string session_state(const std::vector<visible_account>& accounts) {
    state_digest digest;
    for (const auto& one : accounts)
        digest.add(one.id).add(one.name);
    return digest.text();
}

std::string session_text(const std::vector<visible_account>& accounts,
                         const sasl::identity& user,
                         const door_settings& settings,
                         std::string_view origin) {
    json::object made;
    json::object has;
    has[core_capability] = core_limits(settings);
    has[mail_capability] = json::object();
    made["capabilities"] = std::move(has);
    json::object all;
    for (const auto& one : accounts)
        all[one.id] = account_object(one, settings);
    made["accounts"] = std::move(all);
    json::object primary;
    primary[mail_capability] = accounts.front().id;
    made["primaryAccounts"] = std::move(primary);
    made["username"] = user.address;
    const std::string at(origin);
    made["apiUrl"] = at + "/jmap/api";
    made["downloadUrl"] = at + "/jmap/download/{accountId}/{blobId}/{name}?type={type}";
    made["uploadUrl"] = at + "/jmap/upload/{accountId}/";
    made["eventSourceUrl"] = at + "/jmap/events?types={types}&closeafter={closeafter}&ping={ping}";
    made["state"] = session_state(accounts);
    return json::serialize(made);
}

}  // namespace hauspost::jmap

#include "server/house.hpp"

#include "admin/commands.hpp"
#include "base/log.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace hauspost::server {
namespace {

constexpr std::size_t max_waiting_work = 256;
constexpr std::size_t max_waiting_background = 4;

/// What a request is to change, as `command="account add" address="anna@example.test"`; empty for
/// one that only looks. Never a password.
std::string admin_action_of(const admin::json::object& request) {
    const auto* command = request.if_contains("command");
    if (command == nullptr || !command->is_string()) return {};
    const std::string_view name = command->get_string();
    if (name == "hello" || name == "check" || name.ends_with(" list") || name.ends_with(" show"))
        return {};
    std::string action;
    for (const char* key :
         {"command", "address", "new_address", "name", "id", "target", "targets", "keep_copy",
          "keep_alias", "quota_octets", "within_seconds", "display_name", "note"}) {
        const auto* value = request.if_contains(key);
        if (value == nullptr) continue;
        const std::string text =
            value->is_string() ? std::string(value->get_string()) : boost::json::serialize(*value);
        action += (action.empty() ? "" : " ") + std::string(key) + "=" + log_safe(text, 300);
    }
    return action;
}

/// Messages on their way in may not take the descriptors that connections and the store's own files
/// need (net::connections_for_open_files leaves half of them at least).
std::size_t files_for_staging() {
    struct rlimit limit {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 64;
    return std::clamp<std::size_t>(limit.rlim_max / 8, 16, 512);
}

storage::store_options store_options_of(const config& c) {
    auto options = c.store;
    options.data_dir = c.data_dir;
    options.staged_files = files_for_staging();
    return options;
}

std::size_t cores() {
    return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

house::house(const config& c)
    : store_(storage::lmdb_store::open(store_options_of(c))),
      authenticator_(*store_, c.logins),
      passwords_(authenticator_, c.passwords),
      ports_{*store_, *store_, *store_, passwords_, time_, c.default_quota},
      workers_("hauspost-work", cores(), max_waiting_work),
      background_("hauspost-back", 1, max_waiting_background) {}

awaitable<admin::answer> house::run(admin::json::object request) {
    const auto* command = request.if_contains("command");
    const auto is = [command](const char* name) { return command != nullptr && *command == name; };
    const auto what = admin_action_of(request);
    auto work = is("check")      ? check()
                : is("put-back") ? tell_put_back()
                                 : admin::run_command(ports_, std::move(request));
    auto answer = co_await std::move(work);
    if (what.empty()) co_return answer;
    if (answer)
        log::info("admin {} result=done", what);
    else
        log::info("admin {} result=refused reason={}", what, log_safe(answer.error().text, 300));
    co_return answer;
}

awaitable<admin::answer> house::check() {
    auto work = [this] { return store_->check(); };
    const auto report = co_await background_.run(std::move(work));
    if (!report) co_return admin::refuse("Other checks are running: try again later.");
    admin::json::object done;
    done["sound"] = report->findings.empty();
    done["findings"] = admin::json::array(report->findings.begin(), report->findings.end());
    done["accounts"] = report->accounts;
    done["mailboxes"] = report->mailboxes;
    done["messages"] = report->messages;
    done["blobs"] = report->blobs;
    done["octets"] = report->octets;
    co_return done;
}

awaitable<admin::answer> house::tell_put_back() {
    auto work = [this] {
        store_->tell_put_back();
        return true;
    };
    const auto done = co_await background_.run(std::move(work));
    if (!done) co_return admin::refuse("A check is running: try again later.");
    co_return admin::json::object();
}

void house::stop() {
    background_.stop();
    workers_.stop();
    authenticator_.stop();
    store_->stop();
}

}  // namespace hauspost::server

#include "server/app/backend.hpp"

#include "admin/api/commands.hpp"
#include "admin/domain_check.hpp"
#include "admin/web/places.hpp"
#include "base/log.hpp"
#include "certs/self_signed.hpp"
#include "protocols/client_setup/mobileconfig.hpp"
#include "server/app/owner_page.hpp"
#include "server/client_setup/setup_paths.hpp"
#include "server/config/sending_values.hpp"
#include "server/control/places.hpp"
#include "storage/lmdb/open_store.hpp"
#include "storage/store_keeper.hpp"

#include <boost/json/serialize.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <sstream>
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
std::string admin_action_of(const admin::api::json::object& request) {
    using admin::api::argument;
    const auto* name = request.if_contains("command");
    if (name == nullptr || !name->is_string()) return {};
    auto action = "command=" + log_safe(std::string(name->get_string()), 300);
    const auto* command = admin::api::find_command(std::string_view(name->get_string()));
    if (command == nullptr) return action;
    if (command->only_looks) return {};
    for (const auto& one : command->takes) {
        const auto* value = request.if_contains(one.key);
        if (value == nullptr || one.of == argument::kind::secret || one.of == argument::kind::code)
            continue;
        const std::string text =
            value->is_string() ? std::string(value->get_string()) : boost::json::serialize(*value);
        action += " " + std::string(one.key) + "=" + log_safe(text, 300);
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

storage::lmdb::store_options store_options_of(const config& c) {
    auto options = c.store;
    options.data_dir = c.data_dir;
    options.staged_files = files_for_staging();
    return options;
}

admin::published_services services_of(const config& c) {
    admin::published_services made;
    made.hostname = hostname_of(c);
    made.submissions_port = c.listen.first_port("submissions");
    made.imaps_port = c.listen.first_port("imaps");
    made.pop3s_port = c.listen.first_port("pop3s");
    made.https_port = c.listen.first_port("https");
    made.submission_port = c.listen.first_port("submission");
    made.imap_port = c.listen.first_port("imap");
    made.pop3_port = c.listen.first_port("pop3");
    made.is_relayed = !c.sending.relay.empty();
    const auto relays = domain_relays(c.sending.relay_of);
    if (relays)
        for (const auto& [domain, to] : *relays)
            made.relayed_of.emplace(domain, to.place.has_value());
    if (made.https_port != 0)
        made.profile_url = client_setup::https_origin(made.hostname, made.https_port) +
                           client_setup::mobileconfig_path + "?email=";
    return made;
}

/// "" when it cannot be read: whoever starts the server hears why.
std::string key_digest_of(const certs::certificate_files& files) {
    try {
        return certs::key_digest(certs::read_certificate(files));
    } catch (const certs::certificate_error&) {
        return {};
    }
}

/// Those name the key of the certificate, which may be another after a reload.
bool asks_for_records(const admin::api::json::object& request) {
    const auto* name = request.if_contains("command");
    return name != nullptr && name->is_string() &&
           std::string_view(name->get_string()) == "domain dns";
}

void add_certificate(admin::machine_figures& to, const certs::certificate_files& files) {
    try {
        const auto found = certs::read_certificate(files);
        to.certificate_ends_at = std::chrono::system_clock::to_time_t(found.not_after);
        to.is_self_signed = X509_self_signed(found.own.get(), 0) == 1;
    } catch (const certs::certificate_error&) {
        // Whoever starts the server or reloads it hears why; here it is not known.
    }
}

std::size_t cores() {
    return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

backend::backend(const loaded_config& file) : backend(file, file.values) {}

/// c  the file's: what is the owner's comes with put_in_force
backend::backend(const loaded_config& file, const config& c)
    : store_(storage::lmdb::open_store(store_options_of(c))),
      book_(file, read_settings(*store_)),
      bans_(store_->bans, time_),
      authenticator_(store_->directory, c.logins, &bans_),
      passwords_(authenticator_, c.passwords),
      owner_login_(store_->owner, authenticator_, time_, {c.logins.lockout, c.logins.now, &bans_}),
      door_(owner_login_, authenticator_, time_),
      gate_(bans_, authenticator_, owner_login_),
      workers_("hauspost-work", cores(), max_waiting_work),
      keys_(store_->secrets, workers_, time_),
      signing_keys_(keys_),
      routes_(store_->directory, book_.values().delivery.routing),
      certificate_files_(certificate_files_of(c)),
      certificate_(c),
      ports_{store_->directory,
             store_->queue,
             store_->expunged,
             headings_,
             store_->senders,
             store_->trace,
             store_->forwards,
             store_->owner,
             store_->audit,
             store_->traffic,
             store_->bans,
             store_->sign_ins,
             store_->settings,
             store_->overview,
             passwords_,
             door_,
             gate_,
             signing_keys_,
             routes_,
             book_,
             certificate_,
             *this,
             time_,
             c.default_quota,
             c.sending.is_on(),
             services_of(c),
             owner_page_of(c)},
      data_dir_(c.data_dir),
      background_("hauspost-back", 1, max_waiting_background) {
    ports_.reach.receiver = c.sending.reach_test;
    std::istringstream lists(c.sending.block_lists);
    for (std::string one; lists >> one;)
        ports_.reach.lists.push_back(one);
    put_in_force(book_.values());
}

void backend::put_in_force(const config& c) {
    passwords_.set(c.passwords);
    authenticator_.exempt(network_list::parse(c.never_banned).value_or(network_list()));
    ports_.default_quota_octets = c.default_quota;
    ports_.files_sent = c.files_sent;
    store_->keeper.keep({c.store.retention, c.store.trace_days, c.store.trace_subjects});
}

awaitable<admin::api::answer> backend::run(admin::api::json::object request,
                                           admin::caller who,
                                           std::optional<admin::opened_session>* opened) {
    const auto what = admin_action_of(request);
    // Of its own: several may be under way at once.
    auto at = ports_;
    if (asks_for_records(request)) at.published.key_digest = key_digest_of(certificate_files_);
    const auto& named = who.is_browser() ? admin::web::page_places : control::command_places;
    auto work = admin::api::run(at, named, std::move(request), std::move(who), opened);
    auto answer = co_await std::move(work);
    if (what.empty()) co_return answer;
    if (answer)
        log::info("admin {} result=done", what);
    else
        log::info("admin {} result=refused reason={}", what, log_safe(answer.error().text, 300));
    co_return answer;
}

awaitable<std::optional<admin::made_setup_link>> backend::first_setup_link() {
    return admin::make_first_setup_link(ports_);
}

awaitable<void> backend::check_domains() {
    auto at = ports_;
    at.published.key_digest = key_digest_of(certificate_files_);
    const auto domains = co_await at.directory.list_domains();
    for (const auto& one : domains) {
        auto name = one.name;
        auto work = admin::check_domain_records(at, std::move(name));
        (void)co_await std::move(work);  // refused: it has gone meanwhile
    }
}

awaitable<void> backend::take_up_bans() {
    return gate_.take_up(*store_);
}

awaitable<std::optional<storage::check_report>> backend::check() {
    auto work = [this] { return store_->keeper.check(); };
    co_return co_await background_.run(std::move(work));
}

awaitable<bool> backend::tell_put_back() {
    auto work = [this] { store_->keeper.tell_put_back(); };
    const auto done = co_await background_.run(std::move(work));
    co_return done.has_value();
}

awaitable<std::optional<admin::machine_figures>> backend::look() {
    auto work = [this] {
        const auto figures = store_->keeper.figures();
        admin::machine_figures made;
        made.mail_octets = figures.live_octets;
        made.free_octets = figures.free_octets;
        made.is_disk_full = figures.is_disk_full;
        std::error_code failed;
        const auto space = std::filesystem::space(data_dir_, failed);
        if (!failed) made.disk_octets = space.capacity;
        add_certificate(made, certificate_files_);
        return made;
    };
    co_return co_await background_.run(std::move(work));
}

void backend::stop() {
    background_.stop();
    workers_.stop();
    authenticator_.stop();
    store_->keeper.stop();
}

}  // namespace hauspost::server

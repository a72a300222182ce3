#include "server/client_setup/setup_answers.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "base/typed_address.hpp"
#include "protocols/client_setup/autoconfig.hpp"
#include "protocols/client_setup/autodiscover_request.hpp"
#include "protocols/client_setup/mobileconfig.hpp"
#include "protocols/http/problem.hpp"

#include <chrono>
#include <utility>

namespace hauspost::client_setup {
namespace {

constexpr std::string_view autodiscover_path = "/autodiscover/autodiscover.xml";

/// Everything of a domain of ours that is said.
http::response told(unsigned status, const char* type, std::string document, const char* route) {
    http::response made(status, type, std::move(document));
    // Asked once in the life of an account; a setting that has changed must not be found in a cache.
    made.fields.add("Cache-Control", "no-store");
    made.route = route;
    return made;
}

/// Also for a server at which nothing could be set up.
http::response no_such_domain() {
    auto made = http::not_found();
    made.route = "client_setup.none";
    return made;
}

http::response busy_for_now() {
    auto made = http::to_response(http::problem(503, "busy"));
    made.fields.add("Retry-After", "5");
    made.route = "client_setup.busy";
    return made;
}

std::string_view without_dot(std::string_view host) {
    return host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
}

/// Without "autoconfig." or "autodiscover." in front.
std::string_view behind_label(std::string_view host) {
    for (const std::string_view label : {"autoconfig.", "autodiscover."})
        if (host.starts_with(label)) return host.substr(label.size());
    return host;
}

}  // namespace

setup_answers::setup_answers(storage::directory_store& directory,
                             const clock& time,
                             setup_config config,
                             document_signer signer)
    : directory_(directory), time_(time), config_(std::move(config)), sign_(std::move(signer)) {}

awaitable<bool> setup_answers::is_ours(std::string host) {
    const auto name = without_dot(host);
    if (name.empty() || name == config_.services.hostname) co_return true;
    if (const auto found = co_await find_domain(name)) co_return true;
    const auto behind = behind_label(name);
    if (behind.size() == name.size()) co_return false;
    const auto found = co_await find_domain(behind);
    co_return found.has_value();
}

/// Not a coroutine: the one that it gives has all that it needs.
awaitable<http::response> setup_answers::document_of(document which, http::request asked) {
    switch (which) {
    case document::none:
    case document::autoconfig: break;
    case document::profile: return profile(std::move(asked.head));
    case document::autodiscover: return autodiscover(std::move(asked));
    case document::autodiscover_json: return autodiscover_json(std::move(asked.head));
    }
    return autoconfig(std::move(asked.head));
}

awaitable<http::response> setup_answers::autoconfig(http::request_head head) {
    // Programs also ask with a place holder, or with nothing behind the "=".
    const auto given = asked_address(head);
    const auto typed = given ? address::domain_of(ascii::trimmed(*given)) : std::string_view();
    std::optional<std::string> domain;
    if (address::parse_typed_domain(typed))
        domain = co_await find_domain(typed);
    else
        domain = co_await domain_of_host(std::move(head.host.name));
    if (!domain || !is_complete(config_.services)) co_return no_such_domain();
    auto services = config_.services;
    services.domain = *domain;
    co_return told(200, autoconfig_type, write_autoconfig(services), "client_setup.autoconfig");
}

awaitable<http::response> setup_answers::profile(http::request_head head) {
    auto given = asked_address(head);
    if (!given) co_return no_such_domain();
    const auto settings = co_await find_settings(std::move(*given));
    if (!settings) co_return no_such_domain();
    auto work = sign_(write_mobileconfig(*settings));
    auto document = co_await std::move(work);
    if (!document) co_return busy_for_now();
    auto made = told(200, mobileconfig_type, std::move(*document), "client_setup.profile");
    made.fields.add("Content-Disposition", "attachment; filename=\"mail.mobileconfig\"");
    co_return made;
}

awaitable<http::response> setup_answers::autodiscover(http::request asked) {
    autodiscover_request wanted;
    if (asked.head.verb == http::method::post) {
        auto read = parse_autodiscover_request(asked.body);
        if (!read) co_return autodiscover_fault(autodiscover_error::invalid_request);
        wanted = std::move(*read);
    } else {
        auto given = asked_address(asked.head);
        if (!given) co_return autodiscover_fault(autodiscover_error::invalid_request);
        wanted.address = std::move(*given);
        wanted.wants_outlook = true;
    }
    if (!wanted.wants_outlook) co_return autodiscover_fault(autodiscover_error::no_such_schema);
    const auto settings = co_await find_settings(std::move(wanted.address));
    if (!settings) co_return autodiscover_fault(autodiscover_error::unknown_address);
    co_return told(200, autodiscover_type, write_autodiscover(*settings),
                   "client_setup.autodiscover");
}

awaitable<http::response> setup_answers::autodiscover_json(http::request_head head) {
    auto given = asked_address(head);
    const auto* protocol = find_parameter(head, "protocol");
    const auto origin = https_origin(config_.services.hostname, config_.https_port);
    auto answer = write_autodiscover_json(
        given, protocol == nullptr ? std::nullopt : std::optional(*protocol),
        origin + std::string(autodiscover_path));
    if (answer.status == 200) {
        const auto settings = co_await find_settings(std::move(*given));
        if (!settings) co_return no_such_domain();
    }
    co_return told(answer.status, autodiscover_json_type, std::move(answer.body),
                   "client_setup.autodiscover_json");
}

awaitable<std::optional<std::string>> setup_answers::find_domain(std::string_view typed) {
    auto name = address::parse_typed_domain(typed);
    if (!name) co_return std::nullopt;
    auto found = co_await directory_.find_domain(std::move(*name));
    if (!found) co_return std::nullopt;
    co_return std::move(found->name);
}

awaitable<std::optional<std::string>> setup_answers::domain_of_host(std::string host) {
    std::string_view name = without_dot(host);
    if (auto found = co_await find_domain(behind_label(name))) co_return found;
    if (name != config_.services.hostname) co_return std::nullopt;
    const auto dot = name.find('.');
    if (dot == std::string_view::npos) co_return std::nullopt;
    co_return co_await find_domain(name.substr(dot + 1));
}

awaitable<std::optional<served>> setup_answers::find_settings(std::string typed) {
    const auto name = address::parse_typed(ascii::trimmed(typed));
    if (!name || !is_complete(config_.services)) co_return std::nullopt;
    auto domain = co_await find_domain(address::domain_of(*name));
    if (!domain) co_return std::nullopt;
    auto settings = config_.services;
    settings.domain = std::move(*domain);
    settings.address = *name;
    co_return settings;
}

http::response setup_answers::autodiscover_fault(autodiscover_error why) const {
    const auto now = std::chrono::floor<std::chrono::seconds>(time_.now());
    return told(200, autodiscover_type, write_autodiscover_error(why, now),
                "client_setup.autodiscover_error");
}

}  // namespace hauspost::client_setup

#include "server/services/service_list.hpp"

#include "certs/self_signed.hpp"
#include "server/app/backend.hpp"
#include "server/delivery/local_sink.hpp"
#include "server/services/http_service.hpp"
#include "server/services/imap_service.hpp"
#include "server/summaries/stored_summaries.hpp"
#include "tests/support/tmp_dir.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace hauspost;
using namespace hauspost::server;

namespace {

class no_watch final : public smtp::refusal_watch {
    void note(smtp::refused_mail) noexcept override {}
};

class nobody final : public smtp::sender_rules {
    awaitable<bool> may_send_as(account_id, smtp::mailbox_address) override { co_return false; }
};

/// The services of a server on an empty store.
struct all_services {
    all_services() {
        c.data_dir = (folder / "data").string();
        loaded_config file;
        file.values = c;
        core = std::make_unique<backend>(file);
        news = std::make_unique<admin::web::page_news>(core->store().changes, core->monotonic(),
                                                       main.get_executor());
        certificates = std::make_unique<certs::cert_store>(
            std::vector{
                certs::ensure_self_signed(folder / "tls", "mail.example.test", core->time())},
            core->time());
        mail = std::make_unique<delivery::local_sink>(
            core->store().directory, core->store().delivery,
            ingest::ports{core->store().blobs, summaries, core->workers()}, core->time(),
            delivery::sink_config{});
        office = std::make_unique<admin::web::office>(
            admin::web::office{core->admin_ports(),
                               [this](admin::api::json::object request, admin::caller who,
                                      std::optional<admin::opened_session>* opened) {
                                   return core->run(std::move(request), std::move(who), opened);
                               },
                               *news, "mail.example.test", "1"});
        services = make_services(parts(), c);
    }
    ~all_services() { core->stop(); }
    [[nodiscard]] service_parts parts() {
        return {core->store(),   nullptr,      core->authenticator(),
                summaries,       *mail,        *mail,
                senders,         refusals,     *office,
                core->workers(), core->time(), core->monotonic(),
                *certificates,   gate,         sessions};
    }

    test::tmp_dir folder;
    config c;
    net::connection_gate gate{net::gate_limits{}};
    session_list sessions;
    const stored_summaries summaries;
    std::unique_ptr<backend> core;
    std::unique_ptr<certs::cert_store> certificates;
    std::unique_ptr<delivery::local_sink> mail;
    nobody senders;
    no_watch refusals;
    asio::io_context main{1};
    std::unique_ptr<admin::web::page_news> news;
    std::unique_ptr<admin::web::office> office;
    service_list services;
};

}  // namespace

TEST_CASE("listener roles: no two have one name or one port") {
    std::set<std::string_view> names;
    std::set<std::uint16_t> ports;
    for (const auto& role : listener_roles()) {
        CHECK_MESSAGE(names.insert(role.name).second, role.name);
        CHECK_MESSAGE(ports.insert(role.port).second, role.name);
    }
}

TEST_CASE_FIXTURE(all_services, "services: each listener role has its own, with TLS as it says") {
    REQUIRE(services.size() == listener_roles().size());
    std::set<std::string_view> names;
    for (const auto& one : services) {
        const auto& role = one->role();
        CHECK_MESSAGE(names.insert(role.name).second, role.name);
        CHECK_MESSAGE((one->tls() != nullptr) == (role.tls != tls_start::never), role.name);
    }
}

TEST_CASE_FIXTURE(all_services, "services: one without room says so in the words of its protocol") {
    const std::map<std::string_view, std::string_view> begins{
        {"smtp", "421 4.7.0 "},           {"submission", "421 4.7.0 "},
        {"imap", "* BYE [UNAVAILABLE] "}, {"pop3", "-ERR [SYS/TEMP] "},
        {"admin", "HTTP/1.1 503 "},       {"http", "HTTP/1.1 503 "}};
    for (const auto& one : services) {
        CHECK_MESSAGE(one->refusal().starts_with(begins.at(one->role().protocol)),
                      one->role().name);
        CHECK_MESSAGE(one->refusal().ends_with("\r\n"), one->role().name);
    }
}

TEST_CASE_FIXTURE(all_services, "services: a reload changes how often one account may log in") {
    constexpr account_id ann{1};
    const auto& role = *std::ranges::find(listener_roles(), "imap", &listener_role::name);
    const auto shared = std::make_shared<imap_service::shared>();
    c.imap_sessions_per_account = 1;
    imap_service one(role, parts(), c, shared);
    REQUIRE(shared->logins.enter(ann));
    CHECK(!shared->logins.enter(ann));
    c.imap_sessions_per_account = 2;
    one.reload(c);
    CHECK(shared->logins.enter(ann));
    CHECK(!shared->logins.enter(ann));
}

TEST_CASE("services: mail programs are told of the ports that the configuration says") {
    config c;
    c.hostname = "Mail.A.example";
    auto told = setup_config_of(c);
    CHECK(told.services.hostname == "mail.a.example");
    CHECK(told.services.imaps == 993);
    CHECK(told.services.imap == 143);
    CHECK(told.services.pop3s == 995);
    CHECK(told.services.pop3 == 110);
    CHECK(told.services.submissions == 465);
    CHECK(told.services.submission == 587);
    CHECK(told.https_port == 443);
    for (auto& [role, where] : c.listen.all)
        if (role->name == "imaps")
            where = {{"127.0.0.1", 2993}, {"127.0.0.1", 3993}};
        else
            where.clear();
    told = setup_config_of(c);
    CHECK(told.services.imaps == 2993);
    CHECK(told.services.submission == 0);
    CHECK(told.https_port == 0);
}

TEST_CASE("services: a message that may come alone may come in an APPEND of several") {
    config c;
    c.imap.limits.append_octets = 3'000;
    c.imap.limits.append_command_octets = 2'000;
    CHECK(imap_settings_of(c).limits.append_command_octets == 3'000);
    c.imap.limits.append_command_octets = 4'000;
    CHECK(imap_settings_of(c).limits.append_command_octets == 4'000);
    c.imap.limits.append_command_octets = 0;
    CHECK(imap_settings_of(c).limits.append_command_octets == 0);
}

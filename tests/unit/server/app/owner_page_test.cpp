#include "server/app/owner_page.hpp"

#include "server/app/backend.hpp"
#include "tests/support/run.hpp"
#include "tests/support/tmp_dir.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <optional>
#include <string>

using namespace hauspost;
using namespace hauspost::server;

namespace {

const listener_role page_role{"admin", "https", 8443, tls_start::at_once};

config with_page(const std::string& address) {
    config c;
    c.hostname = "mail.example.test";
    std::erase_if(c.listen.all, [](const auto& one) { return one.role->name == "admin"; });
    c.listen.all.push_back({&page_role, {}});
    if (address != "none") c.listen.all.back().at.push_back({address, 9443});
    return c;
}

}  // namespace

TEST_CASE("owner page: its link names the server where others reach it, and loopback as it is") {
    CHECK(owner_page_of(with_page("127.0.0.1")).origin == "https://127.0.0.1:9443");
    CHECK(owner_page_of(with_page("::1")).origin == "https://[::1]:9443");
    for (const char* address : {"", "0.0.0.0", "::", "192.0.2.7"}) {
        const auto page = owner_page_of(with_page(address));
        CHECK(page.origin == "https://mail.example.test:9443");
        CHECK(page.is_on);
    }
    CHECK_FALSE(owner_page_of(with_page("none")).is_on);
    auto c = with_page("::1");
    c.admin.session_idle = std::chrono::minutes(5);
    c.admin.session_longest = std::chrono::minutes(60);
    CHECK(owner_page_of(c).session_idle == std::chrono::minutes(5));
    CHECK(owner_page_of(c).session_longest == std::chrono::minutes(60));
}

TEST_CASE("owner page: G11 a first start gives a link once, and the link opens the set-up") {
    asio::io_context io(1);  // outlives the store, which posts to it
    const test::tmp_dir folder;
    auto c = with_page("127.0.0.1");
    c.data_dir = (folder / "data").string();
    c.logins.argon2.memory_kib = 8;
    c.logins.argon2.passes = 1;
    c.store.min_free_octets = 0;
    c.store.map_octets = std::size_t{64} << 20;
    loaded_config file;
    file.values = c;
    backend server(file);
    std::optional<admin::made_setup_link> first, second;
    std::optional<admin::outcome<admin::opened_session>> opened;
    auto begin = [](backend& of, auto& one, auto& other, auto& into) -> awaitable<void> {
        one = co_await of.first_setup_link();
        other = co_await of.first_setup_link();
        const std::string url(one.value().url.reveal());
        secret text(url.substr(url.find('#') + 1));
        admin::visitor who;
        into.emplace(co_await admin::open_setup(of.admin_ports(), std::move(text), std::move(who)));
    };
    test::run(io, begin(server, first, second, opened));
    REQUIRE(first.has_value());
    CHECK(std::string(first->url.reveal()).starts_with("https://127.0.0.1:9443/setup#"));
    CHECK_FALSE(second.has_value());
    CHECK(opened.value().has_value());
    server.stop();
}

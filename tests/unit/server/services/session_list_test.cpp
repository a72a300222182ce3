#include "server/services/session_list.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <optional>

using hauspost::server::session_list;

TEST_CASE("session list: those that run are told on their executor, each once") {
    boost::asio::io_context io;
    session_list list;
    int a = 0, b = 0;
    const session_list::registration first(list, io.get_executor(), [&a] { ++a; });
    const session_list::registration second(list, io.get_executor(), [&b] { ++b; });
    list.stop_all();
    CHECK(a + b == 0);
    io.run();
    CHECK(a == 1);
    CHECK(b == 1);
}

TEST_CASE("session list: one that ended between the call and its turn is not told") {
    boost::asio::io_context io;
    session_list list;
    int told = 0;
    std::optional<session_list::registration> gone;
    gone.emplace(list, io.get_executor(), [&told] { ++told; });
    list.stop_all();
    gone.reset();
    io.run();
    CHECK(told == 0);
}

TEST_CASE("session list: one that comes while the server stops is told at once") {
    boost::asio::io_context io;
    session_list list;
    list.stop_all();
    int told = 0;
    const session_list::registration late(list, io.get_executor(), [&told] { ++told; });
    CHECK(told == 1);
}

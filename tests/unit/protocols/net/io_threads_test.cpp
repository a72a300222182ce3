#include "protocols/net/io_threads.hpp"

#include <boost/asio/post.hpp>
#include <doctest/doctest.h>
#include <pthread.h>

#include <future>
#include <set>
#include <stdexcept>
#include <string>

using namespace hauspost;

namespace {

std::string thread_name_of(net::io_loop& loop) {
    std::promise<std::string> told;
    asio::post(loop.io(), [&told] {
        char name[16] = "";
        pthread_getname_np(pthread_self(), name, sizeof(name));
        told.set_value(name);
    });
    return told.get_future().get();
}

}  // namespace

TEST_CASE("io threads: each loop runs on a named thread of its own") {
    net::io_threads threads(2);
    threads.start("net");
    CHECK(thread_name_of(threads.loop(0)) == "net-0");
    CHECK(thread_name_of(threads.loop(1)) == "net-1");
    threads.stop();
    threads.stop();
}

TEST_CASE("io threads: an escaped exception ends neither thread nor process") {
    net::io_threads threads(1);
    threads.start();
    asio::post(threads.loop(0).io(), [] { throw std::runtime_error("from a test"); });
    CHECK(thread_name_of(threads.loop(0)) == "net-0");
}

TEST_CASE("io threads: there is one per core when no number is given") {
    const net::io_threads threads;
    CHECK(threads.size() >= 1);
}

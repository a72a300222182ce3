// The message trace: how long a search takes over many rows. Figures: docs/performance.md.
//
//   bench_trace_find FOLDER [--rows N]

#include "storage/lmdb/open_store.hpp"
#include "storage/store_keeper.hpp"
#include "storage/trace_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace hauspost;
using storage::trace_event;
using storage::trace_step;
using clock_type = std::chrono::steady_clock;

constexpr std::size_t rows_of_a_message = 2;
constexpr std::size_t messages_at_once = 1000;  // fewer than may wait

storage::trace_page find(boost::asio::io_context& io,
                         storage::trace_store& trace,
                         storage::trace_query wanted) {
    storage::trace_page found;
    std::exception_ptr fault;
    auto work = [](storage::trace_store& in, storage::trace_query what,
                   storage::trace_page& out) -> awaitable<void> {
        auto page = co_await in.find(std::move(what));
        out = std::move(page.value());
    };
    boost::asio::co_spawn(io, work(trace, std::move(wanted), found),
                          [&fault](std::exception_ptr what) { fault = what; });
    io.restart();
    io.run();
    if (fault) std::rethrow_exception(fault);
    return found;
}

/// Of a message that was taken and put into a mailbox.
void note_message(storage::trace_store& trace, std::uint64_t n) {
    trace_event event;
    event.step = trace_step::received;
    event.id = storage::trace_id(n * 0x9e3779b97f4a7c15ull + 1);
    event.blob = blob_id(n + 1);
    event.from =
        "sender" + std::to_string(n % 5000) + "@domain" + std::to_string(n % 300) + ".test";
    event.peer = "mx.domain" + std::to_string(n % 300) + ".test [192.0.2.7]";
    event.words = "ESMTPS";
    event.tls = "TLSv1.3 TLS_AES_256_GCM_SHA384";
    event.number = 8192;
    event.message_id = std::to_string(n) + ".abcdefghijkl@mail.domain.test";
    trace.note(event);
    trace_event kept;
    kept.step = trace_step::stored;
    kept.rule = storage::trace_rule::exact;
    kept.id = event.id;
    kept.blob = event.blob;
    kept.account = account_id(static_cast<std::uint32_t>(n % 100 + 1));
    kept.to = "user" + std::to_string(n % 100) + "@example.test";
    trace.note(std::move(kept));
}

void measure(const char* what,
             boost::asio::io_context& io,
             storage::trace_store& trace,
             const storage::trace_query& wanted,
             std::size_t least) {
    std::vector<double> took;
    std::size_t found = 0;
    for (int n = 0; n < 7; ++n) {
        const auto start = clock_type::now();
        found = find(io, trace, wanted).messages.size();
        took.push_back(
            std::chrono::duration<double, std::milli>(clock_type::now() - start).count());
    }
    if ((found == 0) != (least == 0) || found < least)
        throw std::runtime_error(std::string("not what is there was found: ") + what);
    std::sort(took.begin(), took.end());
    std::printf("{\"search\":\"%s\",\"found\":%zu,\"ms_best\":%.1f,\"ms_median\":%.1f}\n", what,
                found, took.front(), took[took.size() / 2]);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "bench_trace_find FOLDER [--rows N]\n");
        return 2;
    }
    std::uint64_t rows = 1'000'000;
    if (argc > 3 && std::strcmp(argv[2], "--rows") == 0) rows = std::strtoull(argv[3], nullptr, 10);
    storage::lmdb::store_options options;
    options.data_dir = argv[1];
    const auto store = storage::lmdb::open_store(options);
    boost::asio::io_context io;
    auto& trace = store->trace;
    storage::trace_query nothing;
    nothing.since = INT64_MAX / 2;
    for (std::uint64_t n = 0; n < rows / rows_of_a_message; ++n) {
        note_message(trace, n);
        if (n % messages_at_once == 0) (void)find(io, trace, nothing);  // has them written
    }
    storage::trace_query wanted;
    wanted.address = "nobody@example.test";
    measure("an address that is nowhere", io, trace, wanted, 0);
    wanted.address = "user7@example.test";
    measure("an address with much mail, 50 of it", io, trace, wanted, 50);
    wanted = {};
    wanted.id = storage::trace_id(1);
    measure("the oldest message by its id", io, trace, wanted, 1);
    wanted = {};
    wanted.message_id = "3.abcdefghijkl@mail.domain.test";
    measure("an old message by its Message-ID", io, trace, wanted, 1);
    store->keeper.stop();
    return 0;
}

// The store alone, without a network: durable appends, flag changes, and what a large append does
// to the small ones beside it. Figures: docs/performance.md.
//
//   bench_store_append FOLDER [--accounts N] [--fill N] [--writers N] [--operations N]
//                      [--octets N] [--age]

#include "base/random.hpp"
#include "storage/blob_store.hpp"
#include "storage/directory_store.hpp"
#include "storage/lmdb/open_store.hpp"
#include "storage/mailbox_store.hpp"
#include "storage/store_keeper.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

namespace {

using namespace hauspost;
using clock_type = std::chrono::steady_clock;

struct wishes {
    std::string folder;
    std::size_t accounts = 64;
    std::size_t fill = 0;
    std::size_t writers = 16;
    std::size_t operations = 40'000;
    std::size_t octets = 8192;
    bool age = false;
};

double seconds_since(clock_type::time_point start) {
    return std::chrono::duration<double>(clock_type::now() - start).count();
}

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto sum = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return sum(usage.ru_utime) + sum(usage.ru_stime);
}

void rethrow(std::exception_ptr fault) {
    if (fault) std::rethrow_exception(fault);
}

/// The store's work of one measurement, shared by its coroutines.
struct run_state {
    run_state(const storage::ports& where, std::string octets)
        : store(where), body(std::move(octets)) {}
    const storage::ports& store;
    std::string body;
    std::vector<storage::mailbox_key> boxes;
    std::string summary = std::string(700, 's');
    std::size_t left = 0;
    std::size_t next = 0;
    std::vector<double> latencies;  // milliseconds
};

awaitable<void> append_one(run_state& run, std::string_view body) {
    storage::append_request request;
    request.mailbox = run.boxes[run.next++ % run.boxes.size()];
    request.blob = run.store.blobs.stage();
    if (const auto refused = co_await request.blob->write(body))
        throw std::runtime_error(refused.message());
    if (const auto refused = co_await request.blob->finish())
        throw std::runtime_error(refused.message());
    request.summary = run.summary;
    const auto done = co_await run.store.mailboxes.append(std::move(request));
    if (!done) throw std::runtime_error(done.error().message());
}

awaitable<void> append_loop(run_state& run) {
    while (run.left > 0) {
        --run.left;
        const auto start = clock_type::now();
        co_await append_one(run, run.body);
        run.latencies.push_back(seconds_since(start) * 1000);
    }
}

awaitable<void> flag_loop(run_state& run, std::uint32_t uid_start) {
    auto id = uid_start;
    bool adding = true;
    while (run.left > 0) {
        --run.left;
        storage::store_request request;
        request.mailbox = run.boxes.front();
        request.uids = {{uid(id), uid(id)}};
        request.flags.system = mail::flags::flagged;
        request.change = adding ? mail::change::add : mail::change::remove;
        const auto start = clock_type::now();
        const auto done = co_await run.store.mailboxes.store_flags(std::move(request));
        if (!done) throw std::runtime_error(done.error().message());
        if (!done->modseq) throw std::runtime_error("a change of a flag changed nothing");
        run.latencies.push_back(seconds_since(start) * 1000);
        if (++id == uid_start + 50) {
            id = uid_start;
            adding = !adding;
        }
    }
}

awaitable<void> make_accounts(run_state& run, std::size_t count) {
    storage::domain domain;
    domain.name = "bench.test";
    const auto refused = co_await run.store.directory.add_domain(domain);
    if (refused && refused != storage::errc::already_exists)
        throw std::runtime_error(refused.message());
    for (std::size_t i = 0; i < count; ++i) {
        storage::account account;
        account.name = "user" + std::to_string(i) + "@bench.test";
        const auto made = co_await run.store.directory.add_account(account);
        if (made)
            run.boxes.push_back({*made, mailbox_id(1)});
        else
            run.boxes.push_back(
                {std::get<storage::account>(co_await run.store.directory.find_address(account.name))
                     .id,
                 mailbox_id(1)});
    }
}

awaitable<void> expunge_most(run_state& run) {
    for (const auto box : run.boxes) {
        const auto now = co_await run.store.mailboxes.open(box);
        storage::store_request request;
        request.mailbox = box;
        request.flags.system = mail::flags::deleted;
        for (const auto& block : now->uids)
            for (unsigned n = 0; n < 64; ++n)
                if ((block.present >> n & 1) != 0 && n % 5 < 3)
                    request.uids.push_back(
                        {uid(block.number * 64 + n), uid(block.number * 64 + n)});
        if (request.uids.empty()) continue;
        const auto uids = request.uids;
        const auto marked = co_await run.store.mailboxes.store_flags(std::move(request));
        if (!marked) throw std::runtime_error(marked.error().message());
        const auto gone = co_await run.store.mailboxes.expunge(box, uids);
        if (!gone) throw std::runtime_error(gone.error().message());
    }
}

awaitable<void> large_appends(run_state& run, std::size_t count, std::vector<double>& took) {
    const std::string large(10u << 20, 'L');
    for (std::size_t i = 0; i < count; ++i) {
        const auto start = clock_type::now();
        co_await append_one(run, large);
        took.push_back(seconds_since(start) * 1000);
    }
    run.left = 0;
}

double percentile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1,
                           static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

template <class Start>
void measure(const char* name, run_state& run, std::size_t operations, Start start) {
    asio::io_context io;
    run.left = operations;
    run.latencies.clear();
    const auto began = clock_type::now();
    const auto cpu = cpu_seconds();
    start(io);
    io.run();
    const auto took = seconds_since(began);
    const auto done = static_cast<double>(run.latencies.size());
    std::printf("%-34s %8.0f/s  p50 %7.2f ms  p99 %7.2f ms  max %7.2f ms  cpu %6.1f us\n", name,
                done / took, percentile(run.latencies, 0.5), percentile(run.latencies, 0.99),
                percentile(run.latencies, 1), (cpu_seconds() - cpu) / done * 1e6);
    std::fflush(stdout);
}

void run_all(const wishes& wanted) {
    storage::lmdb::store_options options;
    options.data_dir = wanted.folder;
    options.retention = std::chrono::seconds(0);
    options.reuse_delay = std::chrono::seconds(0);
    options.tidy_interval = std::chrono::seconds(wanted.age ? 5 : 0);
    const auto store = storage::lmdb::open_store(options);
    run_state run(*store, random::octets(wanted.octets));
    {
        asio::io_context io;
        asio::co_spawn(io, make_accounts(run, wanted.accounts), rethrow);
        io.run();
    }
    const auto appenders = [&](std::size_t count) {
        return [&run, count](asio::io_context& io) {
            for (std::size_t i = 0; i < count; ++i)
                asio::co_spawn(io, append_loop(run), rethrow);
        };
    };
    if (wanted.fill > 0) measure("fill, 64 writers", run, wanted.fill, appenders(64));
    if (wanted.age) {
        const auto began = clock_type::now();
        asio::io_context io;
        asio::co_spawn(io, expunge_most(run), rethrow);
        io.run();
        std::printf("expunged 60 %% in %.1f s, ", seconds_since(began));
        std::printf("purged %zu\n", store->keeper.tidy());
        std::vector<double> large;
        measure("8 KB appends alone, 4 writers", run, 4000, appenders(4));
        measure("beside 10 MB appends, 4 writers", run, SIZE_MAX, [&](asio::io_context& own) {
            appenders(4)(own);
            asio::co_spawn(own, large_appends(run, 30, large), rethrow);
        });
        std::printf("10 MB append: p50 %.1f ms, max %.1f ms\n", percentile(large, 0.5),
                    percentile(large, 1));
    }
    measure("append, 1 writer", run, wanted.operations / 16, appenders(1));
    measure("append, 8 writers", run, wanted.operations / 2, appenders(8));
    measure("append, 16 writers", run, wanted.operations, appenders(16));
    for (const std::size_t writers : {1, 8})
        measure(writers == 1 ? "STORE, 1 writer" : "STORE, 8 writers", run, wanted.operations / 2,
                [&](asio::io_context& io) {
                    for (std::size_t i = 0; i < writers; ++i)
                        asio::co_spawn(io, flag_loop(run, static_cast<std::uint32_t>(i * 50 + 1)),
                                       rethrow);
                });
    const auto figures = store->keeper.figures();
    std::printf("segments %.0f MB, live %.0f MB\n",
                static_cast<double>(figures.segment_octets) / 1e6,
                static_cast<double>(figures.live_octets) / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
    wishes wanted;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const auto number = [&] {
            return i + 1 < argc ? std::strtoull(argv[++i], nullptr, 10) : 0;
        };
        if (word == "--accounts")
            wanted.accounts = number();
        else if (word == "--fill")
            wanted.fill = number();
        else if (word == "--writers")
            wanted.writers = number();
        else if (word == "--operations")
            wanted.operations = number();
        else if (word == "--octets")
            wanted.octets = number();
        else if (word == "--age")
            wanted.age = true;
        else
            wanted.folder = word;
    }
    if (wanted.folder.empty()) {
        std::fprintf(stderr,
                     "usage: bench_store_append FOLDER [--accounts N] [--fill N] "
                     "[--operations N] [--octets N] [--age]\n");
        return 2;
    }
    try {
        run_all(wanted);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}

// The store alone, without a network: walks over a large mailbox, and what routing asks about a
// recipient. Figures: docs/performance.md.
//
//   bench_store_read FOLDER [--messages N] [--rounds N]

#include "storage/blob_store.hpp"
#include "storage/directory_store.hpp"
#include "storage/lmdb/open_store.hpp"
#include "storage/mailbox_store.hpp"
#include "storage/store_keeper.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace hauspost;

struct wishes {
    std::string folder;
    std::size_t messages = 100'000;
    std::size_t rounds = 20;
};

/// Of this thread: what others do on the machine does not count.
double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_THREAD, &usage);
    const auto sum = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return sum(usage.ru_utime) + sum(usage.ru_stime);
}

void require(error_code failed) {
    if (failed) throw std::runtime_error(failed.message());
}

awaitable<storage::mailbox_key> fill(const storage::ports& store, std::size_t messages) {
    storage::domain domain;
    domain.name = "bench.test";
    require(co_await store.directory.add_domain(domain));
    storage::account account;
    account.name = "user@bench.test";
    account.quota_octets = UINT64_MAX;
    const auto made = co_await store.directory.add_account(account);
    if (!made) throw std::runtime_error(made.error().message());
    const storage::mailbox_key box{*made, mailbox_id(1)};
    storage::append_request request;
    request.mailbox = box;
    request.blob = store.blobs.stage();
    const std::string body(8192, 'x');
    require(co_await request.blob->write(body));
    require(co_await request.blob->finish());
    request.summary = std::string(700, 's');
    const auto first = co_await store.mailboxes.append(std::move(request));
    if (!first) throw std::runtime_error(first.error().message());
    for (std::size_t have = 1; have < messages;) {
        const auto more = static_cast<std::uint32_t>(std::min(have, messages - have));
        mail::uid_ranges some{{uid(1), uid(more)}};
        const auto copied = co_await store.mailboxes.copy(box, std::move(some), box.mailbox, false);
        if (!copied) throw std::runtime_error(copied.error().message());
        have += more;
    }
    co_return box;
}

awaitable<std::size_t> walk(storage::mailbox_store& mail,
                            storage::mailbox_key box,
                            std::size_t messages,
                            storage::walk_detail detail) {
    std::size_t octets = 0;
    std::size_t met = 0;
    const auto visit = [&](const storage::message_view& message) {
        octets += message.summary.size() + message.flags;
        ++met;
        return true;
    };
    const auto rows = mail.walk(box, {{uid(1), uid(UINT32_MAX)}}, detail);
    while (!rows->is_done())
        require(co_await rows->next(visit));
    if (met != messages) throw std::runtime_error("a walk did not come by all messages");
    co_return octets;
}

template <class Work>
awaitable<void> measure(const char* name, double each, std::size_t rounds, Work work) {
    const auto began = cpu_seconds();
    for (std::size_t n = 0; n < rounds; ++n)
        co_await work();
    const auto took = cpu_seconds() - began;
    const auto all = each * static_cast<double>(rounds);
    std::printf("%-28s %10.0f/s  cpu %8.3f us each\n", name, all / took, took / all * 1e6);
    std::fflush(stdout);
}

awaitable<void> run_all(const storage::ports& store, wishes wanted) {
    const auto box = co_await fill(store, wanted.messages);
    const auto messages = static_cast<double>(wanted.messages);
    const std::pair<const char*, storage::walk_detail> kinds[] = {
        {"walk, flags", storage::walk_detail::flags_only},
        {"walk, heads of rows", storage::walk_detail::row_heads},
        {"walk, rows", storage::walk_detail::rows},
    };
    for (const auto& kind : kinds) {
        auto work = [&] { return walk(store.mailboxes, box, wanted.messages, kind.second); };
        co_await measure(kind.first, messages, wanted.rounds, work);
    }
    const auto look = [&]() -> awaitable<void> {
        for (int n = 0; n < 1000; ++n)
            if (!co_await store.mailboxes.find(box.account, "INBOX"))
                throw std::runtime_error("INBOX was not found");
    };
    co_await measure("find a mailbox", 1000, wanted.rounds * 10, look);
    const auto route = [&]() -> awaitable<void> {
        for (int n = 0; n < 1000; ++n) {
            std::vector<storage::mail_address> names{"user@bench.test"};
            const auto found = co_await store.directory.find_recipient(std::move(names));
            if (!found.domain) throw std::runtime_error("the recipient was not found");
        }
    };
    co_await measure("look a recipient up", 1000, wanted.rounds * 10, route);
}

}  // namespace

int main(int argc, char** argv) {
    wishes wanted;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const auto number = [&] {
            return i + 1 < argc ? std::strtoull(argv[++i], nullptr, 10) : 0;
        };
        if (word == "--messages")
            wanted.messages = number();
        else if (word == "--rounds")
            wanted.rounds = number();
        else
            wanted.folder = word;
    }
    if (wanted.folder.empty() || wanted.messages == 0) {
        std::fprintf(stderr, "usage: bench_store_read FOLDER [--messages N] [--rounds N]\n");
        return 2;
    }
    try {
        storage::lmdb::store_options options;
        options.data_dir = wanted.folder;
        const auto store = storage::lmdb::open_store(options);
        boost::asio::io_context io;
        boost::asio::co_spawn(io, run_all(*store, wanted), [](std::exception_ptr fault) {
            if (fault) std::rethrow_exception(fault);
        });
        io.run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}

#include "storage/index/search_indexer.hpp"

#include "base/log.hpp"
#include "storage/errc.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <tuple>
#include <utility>

namespace hauspost::storage::index {
namespace {

constexpr std::size_t accounts_a_page = 200;

/// UIDs that were given out and are not covered; at least as many as there are messages.
std::uint32_t waiting_uids(const index_coverage& covered, const mailbox_info& box) {
    const auto first = std::max(covered.of(box.id), uid(1));
    const auto next = box.counters.uid_next;
    return next > first ? next.value() - first.value() : 0;
}

/// Whoever waits for an answer goes first. Without these the work is done all the same.
void lower_priority_of_this_thread() {
    constexpr int nice = 10;
    constexpr int ioprio_who_process = 1;
    constexpr int best_effort_last = 2 << 13 | 7;
    if (setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), nice) != 0 ||
        syscall(SYS_ioprio_set, ioprio_who_process, 0, best_effort_last) != 0)
        log::info("index_priority state=normal");
}

}  // namespace

search_indexer::search_indexer(const indexer_ports& ports, indexer_settings settings)
    : ports_(ports),
      settings_(std::move(settings)),
      version_(ports.text.version() + ", store " + std::to_string(settings_.store_generation)),
      readers_(settings_.folder, version_) {
    std::filesystem::create_directories(settings_.folder);
    std::filesystem::permissions(settings_.folder, std::filesystem::perms::owner_all);
}

search_indexer::~search_indexer() {
    stop();
}

void search_indexer::start() {
    asio::co_spawn(io_, run(), asio::detached);
    thread_ = std::thread([this] {
        lower_priority_of_this_thread();
        io_.run();
    });
    pthread_setname_np(thread_.native_handle(), "store-index");
}

void search_indexer::stop() {
    stopping_ = true;
    wake();
    if (thread_.joinable()) thread_.join();
}

void search_indexer::set_paused(bool paused) {
    paused_ = paused;
    wake();
}

void search_indexer::wake() {
    asio::post(io_, [this] { wake_.cancel(); });
}

awaitable<void> search_indexer::settle() {
    if (stopping_) co_return;
    suspension caller;
    const auto enter_caller = [this, &caller] {
        settling_.push_back(&caller);
        wants_all_accounts_ = true;
        wake_.cancel();
    };
    const auto begin = [this, &enter_caller] { asio::post(io_, enter_caller); };
    co_await suspend(caller, begin);
}

void search_indexer::post_urgent(account_id account, bool is_damaged) {
    asio::post(io_, [this, account, is_damaged] {
        if (is_damaged) damaged_.insert(account);
        enter(account, {}, true);
    });
}

awaitable<std::optional<index_answer>> search_indexer::find(account_id account,
                                                            std::vector<needle> needles) {
    if (!readers_.is_ready(account)) {
        post_urgent(account, false);  // somebody searches: this account first
        co_return std::nullopt;
    }
    bool is_damaged = false;
    auto work = [&]() -> std::optional<index_answer> {
        try {
            return readers_.find(account, needles);
        } catch (const damaged_index& damage) {
            log::warn("index_damaged account={} what={}", account.value(),
                      log_safe(damage.what(), 400));
            is_damaged = true;
            return std::nullopt;
        } catch (const fault& passing) {
            log::warn("index_fault account={} what={}", account.value(),
                      log_safe(passing.what(), 400));
            return std::nullopt;
        }
    };
    auto answer = co_await ports_.workers.run(std::move(work));
    if (is_damaged) {
        readers_.withdraw(account);
        post_urgent(account, true);
    }
    if (!answer) co_return std::nullopt;
    co_return std::move(*answer);
}

void search_indexer::rebuild(std::optional<account_id> account) {
    if (account) {
        readers_.withdraw(*account);
        post_urgent(*account, true);
        return;
    }
    readers_.withdraw_all();
    asio::post(io_, [this] {
        wants_all_accounts_ = drops_all_accounts_ = true;
        wake_.cancel();
    });
}

awaitable<std::optional<index_state>> search_indexer::look_at_all() {
    index_state state;
    std::tie(state.accounts_ready, state.messages) = readers_.ready();
    state.accounts_waiting = accounts_waiting_;
    auto work = [this] { return octets_below(settings_.folder); };
    const auto octets = co_await ports_.workers.run(std::move(work));
    if (!octets) co_return std::nullopt;
    state.octets = *octets;
    co_return state;
}

// --- the thread's own ----------------------------------------------------------------------------

void search_indexer::on_account_changed(account_id account) noexcept {
    enter(account, settings_.look_after, false);
}

void search_indexer::on_news_unknown() noexcept {
    wants_all_accounts_ = true;
    wake_.cancel();
}

void search_indexer::enter(account_id account, std::chrono::milliseconds delay, bool urgent) {
    const auto now = std::chrono::steady_clock::now();
    auto& waiting =
        waiting_.try_emplace(account, waiting_account{now, now + delay, false}).first->second;
    waiting.next_look = std::min(waiting.next_look, now + delay);
    waiting.is_urgent = waiting.is_urgent || urgent;
    accounts_waiting_ = waiting_.size();
    wake_.cancel();
}

awaitable<void> search_indexer::run() {
    subscription_ = ports_.changes.watch(io_.get_executor(), *this);
    while (!stopping_) {
        std::exception_ptr fault;
        try {
            co_await work();
        } catch (...) {
            fault = std::current_exception();  // logged below
        }
        if (!fault) continue;
        wants_all_accounts_ = true;  // some may not have been entered
        try {
            std::rethrow_exception(fault);
        } catch (const std::exception& error) {
            log::error("index_fault what={}", log_safe(error.what(), 400));
        }
        wake_.expires_after(settings_.retry_after);
        if (!stopping_) co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    subscription_.reset();
    wake_settled();
}

/// One piece of work, or the wait for one.
awaitable<void> search_indexer::work() {
    if (wants_all_accounts_ && !paused_) {
        wants_all_accounts_ = false;
        co_await enter_all_accounts();
    }
    const auto next = next_due();
    if (next && !paused_) {
        co_await look(*next);
    } else {
        wake_settled();
        co_await wait_for_work();
    }
}

/// At the start, for settle(), when the news of a commit may be on its way still, and when some may
/// have been lost.
awaitable<void> search_indexer::enter_all_accounts() {
    const bool drops_all = std::exchange(drops_all_accounts_, false);
    std::set<std::filesystem::path> known;
    std::string after;
    for (bool more = true; more;) {
        const auto page = co_await ports_.directory.list_accounts(after, accounts_a_page);
        for (const auto& account : page) {
            if (drops_all) damaged_.insert(account.id);
            enter(account.id, {}, drops_all || !settling_.empty());
            known.insert(readers_.path_of(account.id));
        }
        more = page.size() == accounts_a_page;
        if (more) after = page.back().name;
    }
    // Of accounts that were removed, and what a rebuilding left.
    std::vector<std::filesystem::path> strangers;
    for (const auto& entry : std::filesystem::directory_iterator(settings_.folder))
        if (!known.contains(entry.path())) strangers.push_back(entry.path());
    for (const auto& path : strangers)
        std::filesystem::remove_all(path);
}

/// The urgent ones first, then the one that waits longest.
std::optional<account_id> search_indexer::next_due() const {
    const auto now = std::chrono::steady_clock::now();
    auto best = waiting_.end();
    for (auto at = waiting_.begin(); at != waiting_.end(); ++at) {
        if (at->second.next_look > now) continue;
        const auto rank = [](const waiting_account& one) {
            return std::pair(!one.is_urgent, one.next_look);
        };
        if (best == waiting_.end() || rank(at->second) < rank(best->second)) best = at;
    }
    if (best == waiting_.end()) return std::nullopt;
    return best->first;
}

awaitable<void> search_indexer::wait_for_work() {
    if (stopping_) co_return;
    auto until = steady_time::max();
    if (!paused_)
        for (const auto& [account, waiting] : waiting_)
            until = std::min(until, waiting.next_look);
    wake_.expires_at(until);
    co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
}

awaitable<void> search_indexer::look(account_id account) {
    // Taken out: what changes while it is looked at enters it anew.
    auto waiting = waiting_.at(account);
    waiting_.erase(account);
    auto done = outcome::later;
    std::exception_ptr fault;
    try {
        done = co_await index_if_due(account, waiting);
    } catch (...) {
        fault = std::current_exception();  // logged below
    }
    if (fault) {
        // Of the store, or of the index's files. The second kind is mended by building anew, and
        // the first does not come often.
        try {
            std::rethrow_exception(fault);
        } catch (const damaged_index& error) {
            log::warn("index_damaged account={} what={}", account.value(),
                      log_safe(error.what(), 400));
            damaged_.insert(account);
        } catch (const std::exception& error) {
            log::error("index_fault account={} what={}", account.value(),
                       log_safe(error.what(), 400));
        }
        waiting.is_urgent = false;
        waiting.next_look = std::chrono::steady_clock::now() + settings_.retry_after;
    }
    const auto soon = std::chrono::steady_clock::now() + settings_.look_after;  // readers are busy
    if (!must_yield()) waiting.next_look = std::max(waiting.next_look, soon);
    if (done == outcome::later) put_back(account, waiting);
    accounts_waiting_ = waiting_.size();
}

void search_indexer::put_back(account_id account, const waiting_account& waiting) {
    const auto [at, is_new] = waiting_.try_emplace(account, waiting);
    if (is_new) return;
    auto& now = at->second;
    now.since = std::min(now.since, waiting.since);
    now.next_look = std::min(now.next_look, waiting.next_look);
    now.is_urgent = now.is_urgent || waiting.is_urgent;
}

awaitable<search_indexer::outcome> search_indexer::index_if_due(account_id account,
                                                                waiting_account& waiting) {
    if (damaged_.erase(account) > 0) drop(account);
    const auto boxes = co_await ports_.mail.list(account);
    if (!boxes || boxes->empty()) {
        drop(account);
        co_return outcome::done;
    }
    const auto& known = vetted(account, *boxes);
    std::uint64_t tail = 0;
    for (const auto& box : *boxes)
        tail += waiting_uids(known.covered, box);
    if (tail == 0 && !is_sparse(known, *boxes)) co_return outcome::done;
    if (!is_enough(known, *boxes, waiting)) {
        waiting.next_look = waiting.since + settings_.commit_interval;
        co_return outcome::later;
    }
    if (!has_room()) {
        waiting.is_urgent = false;
        waiting.next_look = std::chrono::steady_clock::now() + settings_.retry_after;
        co_return outcome::later;
    }
    co_return co_await index_account(account, *boxes);
}

bool search_indexer::is_enough(const known_account& known,
                               const std::vector<mailbox_info>& boxes,
                               const waiting_account& waiting) const {
    if (waiting.is_urgent || is_sparse(known, boxes)) return true;
    std::uint64_t tail = 0;
    for (const auto& box : boxes) {
        tail += std::min(waiting_uids(known.covered, box), box.counters.messages);
    }
    return tail >= settings_.enough_messages ||
           std::chrono::steady_clock::now() >= waiting.since + settings_.commit_interval;
}

void search_indexer::wake_settled() {
    for (const auto& [account, waiting] : waiting_)
        if (waiting.is_urgent && !must_yield()) return;
    for (auto* caller : std::exchange(settling_, {}))
        caller->post();
}

}  // namespace hauspost::storage::index

#include "protocols/dns/unbound_resolver.hpp"

#include "base/log.hpp"
#include "base/result.hpp"
#include "base/suspension.hpp"
#include "protocols/dns/name.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <pthread.h>
#include <unbound.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace hauspost::dns {
namespace {

constexpr int class_in = 1;  // RFC 1035 3.2.4

[[noreturn]] void refuse_setting(const std::string& what, int code) {
    throw std::runtime_error("DNS: " + what + ": " + ub_strerror(code));
}

void set_option(ub_ctx* context, const char* name, const std::string& value) {
    if (const int code = ub_ctx_set_option(context, name, value.c_str()))
        refuse_setting(std::string(name) + ' ' + value, code);
}

bool is_on_loopback(const std::string& forwarder) {
    error_code ec;
    const auto address = asio::ip::make_address(forwarder.substr(0, forwarder.find('@')), ec);
    return !ec && address.is_loopback();
}

/// Who is asked. With a resolver of its own a network has names for its private addresses, too;
/// from the root on nobody may be asked about these, nor may a zone send us to ourselves.
void set_servers(ub_ctx* context, const unbound_settings& settings) {
    bool asks_loopback = false;
    for (const auto& forwarder : settings.forwarders) {
        if (const int code = ub_ctx_set_fwd(context, forwarder.c_str()))
            refuse_setting("resolver \"" + forwarder + '"', code);
        asks_loopback = asks_loopback || is_on_loopback(forwarder);
    }
    set_option(context, "do-not-query-localhost:", asks_loopback ? "no" : "yes");
    if (settings.forwarders.empty()) return;
    set_option(context, "unblock-lan-zones:", "yes");
    set_option(context, "insecure-lan-zones:", "yes");
}

void set_anchors(ub_ctx* context, const unbound_settings& settings) {
    if (const auto& file = settings.trust_anchor_file; !file.empty()) {
        if (!std::ifstream(file)) throw std::runtime_error("DNS: cannot read " + file);
        if (const int code = ub_ctx_add_ta_file(context, file.c_str())) refuse_setting(file, code);
    }
    for (const auto& anchor : settings.trust_anchors)
        if (const int code = ub_ctx_add_ta(context, anchor.c_str()))
            refuse_setting("trust anchor \"" + anchor + '"', code);
}

void set_limits(ub_ctx* context, const unbound_settings& settings) {
    const auto half = std::to_string(std::max<std::size_t>(settings.cache_octets, 1u << 20) / 2);
    set_option(context, "msg-cache-size:", half);
    set_option(context, "rrset-cache-size:", half);
    set_option(context, "max-query-restarts:", std::to_string(max_aliases));
    const auto questions = std::to_string(std::max<std::size_t>(settings.max_questions, 1));
    set_option(context, "num-queries-per-thread:", questions);
    // A library's default is 16 ports, which would be 16 questions at a time.
    set_option(context, "outgoing-range:", questions);
    set_option(context, "outgoing-num-tcp:", "16");
    // By default a server that was gone is left alone for up to 15 minutes after it is back.
    set_option(context, "infra-keep-probing:", "yes");
    set_option(context, "infra-host-ttl:", "60");
}

/// libunbound reads its settings at the first question, so one is asked that it answers by itself.
void take_settings(ub_ctx* context) {
    ub_result* result = nullptr;
    const auto type = static_cast<int>(record_type::a);
    const int code = ub_resolve(context, "localhost", type, class_in, &result);
    ub_resolve_free(result);
    if (code != 0) refuse_setting("the trust anchors or the resolvers cannot be used", code);
}

/// RFC 1035 4.1.1, 2136 2.2
std::string name_of_rcode(int rcode) {
    switch (rcode) {
    case 1: return "FORMERR";
    case 2: return "SERVFAIL";
    case 4: return "NOTIMP";
    case 5: return "REFUSED";
    default: return "RCODE " + std::to_string(rcode);
    }
}

rdata_answer failed(std::string why) {
    rdata_answer told;
    told.why = std::move(why);
    return told;
}

std::vector<std::string> records_of(const ub_result& from) {
    std::vector<std::string> records;
    for (std::size_t i = 0; from.data[i] != nullptr && records.size() < max_records; ++i)
        records.emplace_back(from.data[i], static_cast<std::size_t>(std::max(from.len[i], 0)));
    return records;
}

rdata_answer told_by(const ub_result& from) {
    if (from.bogus != 0) {
        constexpr std::size_t max_why = 200;
        auto told = failed(std::string(from.why_bogus ? from.why_bogus : "bogus", 0, max_why));
        told.what = outcome::bogus;
        return told;
    }
    constexpr int noerror = 0;
    constexpr int nxdomain = 3;
    if (from.rcode != noerror && from.rcode != nxdomain) return failed(name_of_rcode(from.rcode));
    rdata_answer told;
    told.is_secure = from.secure != 0;
    told.ttl = std::chrono::seconds(std::max(from.ttl, 0));
    const char* name = from.canonname != nullptr ? from.canonname : from.qname;
    told.canonical_name = to_host_name(name).value_or("");
    if (from.nxdomain != 0 || from.rcode == nxdomain) {
        told.what = outcome::no_such_name;
    } else if (from.havedata == 0) {
        told.what = outcome::no_data;
    } else {
        told.what = outcome::found;
        told.records = records_of(from);
    }
    return told;
}

}  // namespace

/// Questions of one caller. Lives in his coroutine's frame until all are answered.
struct unbound_resolver::batch {
    std::uint64_t id = 0;
    std::vector<question> questions;
    std::vector<rdata_answer> answers;
    std::size_t open = 0;
    suspension caller;
};

/// One question that libunbound works at.
struct unbound_resolver::query {
    unbound_resolver& owner;
    batch* asker;  // null: nobody waits for it any more
    std::size_t index;
    steady_time ends_at;
    query_list::iterator self;
};

void unbound_resolver::context_deleter::operator()(ub_ctx* context) const noexcept {
    ub_ctx_delete(context);
}

unbound_resolver::unbound_resolver(const unbound_settings& settings)
    : time_limit_(settings.time_limit),
      max_questions_(std::max<std::size_t>(settings.max_questions, 1)),
      context_(ub_ctx_create()) {
    if (!context_) throw std::runtime_error("DNS: no memory, or no random octets");
    ub_ctx_debugout(context_.get(), nullptr);  // what fails is told by answers
    constexpr int by_a_thread = 1;             // not by a process
    ub_ctx_async(context_.get(), by_a_thread);
    set_servers(context_.get(), settings);
    set_anchors(context_.get(), settings);
    set_limits(context_.get(), settings);
    take_settings(context_.get());
    answers_.assign(ub_fd(context_.get()));
    watch();
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), "dns");
}

unbound_resolver::~unbound_resolver() {
    stop();
}

void unbound_resolver::stop() {
    {
        const std::lock_guard lock(mutex_);
        if (!std::exchange(is_stopping_, true)) asio::post(io_, [this] { end(); });
    }
    if (thread_.joinable()) thread_.join();
}

// --- the caller's side ---------------------------------------------------------------------------

/// False when the thread has ended, or will before it comes to this.
bool unbound_resolver::submit(batch& asked) {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) return false;
    asio::post(io_, [this, &asked] { start(asked); });
    return true;
}

awaitable<std::vector<rdata_answer>> unbound_resolver::ask(std::vector<question> questions) {
    batch asked;
    asked.id = ++last_batch_id_;
    asked.open = questions.size();
    asked.answers.assign(questions.size(), failed("the server stops"));
    asked.questions = std::move(questions);
    auto begin = [this, &asked] {
        if (auto slot = asked.caller.cancellation(); slot.is_connected())
            slot.assign([this, id = asked.id](asio::cancellation_type) {
                asio::post(io_, [this, id] { give_up(id); });
            });
        if (!submit(asked)) asked.caller.post();
    };
    co_await suspend(asked.caller, begin);
    co_return std::move(asked.answers);
}

// --- the thread's --------------------------------------------------------------------------------

void unbound_resolver::run() noexcept {
    for (;;) {
        try {
            io_.run();
            return;
        } catch (const std::exception& fault) {
            log::error("fault where=dns_thread what={}", log_safe(fault.what(), 400));
        }
    }
}

void unbound_resolver::start(batch& asked) {
    // The last one that is answered lets the caller go on, and `asked` with him: held until then.
    const std::size_t count = asked.questions.size();
    ++asked.open;
    for (std::size_t i = 0; i < count; ++i)
        start_one(asked, i);
    set_timer();
    if (--asked.open == 0) asked.caller.post();
}

void unbound_resolver::start_one(batch& asked, std::size_t index) {
    const auto refuse = [&](std::string why) {
        asked.answers[index] = failed(std::move(why));
        --asked.open;
    };
    if (is_broken_) return refuse("the resolver does not work any more");
    if (waiting_.size() + abandoned_.size() >= max_questions_) return refuse("too many questions");
    const auto ends_at = std::chrono::steady_clock::now() + time_limit_;
    waiting_.push_back(query{*this, &asked, index, ends_at, {}});
    query& about = waiting_.back();
    about.self = std::prev(waiting_.end());
    const auto& question = asked.questions[index];
    const int code =
        ub_resolve_async(context_.get(), question.name.c_str(), static_cast<int>(question.type),
                         class_in, &about, &on_answer, nullptr);
    if (code != 0) {
        waiting_.pop_back();
        return refuse(ub_strerror(code));
    }
    ++open_questions_;
}

void unbound_resolver::watch() {
    answers_.async_wait(asio::posix::stream_descriptor::wait_read, [this](error_code ec) {
        if (ec) return;  // the end
        if (const int code = ub_process(context_.get())) {
            log::error("fault where=dns what={}", log_safe(ub_strerror(code)));
            is_broken_ = true;
            return abandon_all("the resolver does not work any more");
        }
        watch();
    });
}

void unbound_resolver::on_answer(void* about, int fault, ub_result* result) {
    const std::unique_ptr<ub_result, decltype(&ub_resolve_free)> held(result, &ub_resolve_free);
    auto& ended = *static_cast<query*>(about);
    auto& owner = ended.owner;
    batch* const asker = ended.asker;
    const auto index = ended.index;
    (asker != nullptr ? owner.waiting_ : owner.abandoned_).erase(ended.self);
    --owner.open_questions_;
    if (asker == nullptr) return;
    tell(*asker, index, fault != 0 || !held ? failed(ub_strerror(fault)) : told_by(*held));
}

/// `asked` may be gone afterwards.
void unbound_resolver::tell(batch& asked, std::size_t index, rdata_answer told) {
    asked.answers[index] = std::move(told);
    if (--asked.open == 0) asked.caller.post();
}

/// The asker has his answer; the question stays until libunbound is through with it.
void unbound_resolver::abandon(query& about, std::string why) {
    abandoned_.splice(abandoned_.end(), waiting_, about.self);
    tell(*std::exchange(about.asker, nullptr), about.index, failed(std::move(why)));
}

void unbound_resolver::abandon_all(const std::string& why) {
    while (!waiting_.empty())
        abandon(waiting_.front(), why);
}

void unbound_resolver::give_up(std::uint64_t batch_id) {
    for (auto next = waiting_.begin(); next != waiting_.end();) {
        query& about = *next++;
        if (about.asker->id == batch_id) abandon(about, "given up");
    }
}

void unbound_resolver::set_timer() {
    if (is_timer_set_ || waiting_.empty()) return;
    is_timer_set_ = true;
    timer_.expires_at(waiting_.front().ends_at);
    timer_.async_wait([this](error_code ec) {
        is_timer_set_ = false;
        if (!ec) expire();
    });
}

void unbound_resolver::expire() {
    const auto now = std::chrono::steady_clock::now();
    while (!waiting_.empty() && waiting_.front().ends_at <= now)
        abandon(waiting_.front(), "time-out");
    set_timer();
}

void unbound_resolver::end() {
    abandon_all("the server stops");
    timer_.cancel();
    answers_.release();  // closed with the context
    context_.reset();    // ends libunbound's thread; what is open gets no answer
    abandoned_.clear();
    open_questions_ = 0;
    guard_.reset();
}

}  // namespace hauspost::dns

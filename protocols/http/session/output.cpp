#include "protocols/http/problem.hpp"
#include "protocols/http/session/connection.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hauspost::http {
namespace {

constexpr std::size_t octets_at_once = 32 * 1024;

}  // namespace

void connection::refuse(const refusal& why) {
    ++refused_;
    log_.info("refuse", "status={} reason={}", why.status, why.reason);
    const answer told = to_response(why);
    lingers_ = true;
    begin_response(told, framing::length);
    if (form_.verb != method::head) channel_.out() += told.content();
    loop_.close(why.reason);
}

bool connection::begin_response(const answer& given, framing how) {
    head_facts facts;
    facts.now = std::chrono::floor<std::chrono::seconds>(ports_.time_of_day.now());
    facts.how = how;
    facts.is_1_1 = form_.is_1_1;
    facts.closes = given.closes || !form_.keeps_alive || how == framing::until_close ||
                   is_ending() || requests_ >= config_->max_requests;
    append_head(channel_.out(), given, ports_.handler.standing_fields(), facts);
    return facts.closes;
}

awaitable<void> connection::respond(answer given) {
    auto how = framing::length;
    if (given.events) how = form_.is_1_1 ? framing::chunked : framing::until_close;
    const bool closes = begin_response(given, how);
    if (given.status >= 400) ++refused_;
    const bool is_sent = form_.verb != method::head && has_content(given.status);
    if (is_sent && given.events)
        co_await send_events(given.events, how);
    else if (is_sent)
        co_await send(given.content());
    log_request(given);
    if (closes) loop_.close(is_ending() ? "shutdown" : "closed");
}

/// In pieces, so that who reads slowly holds no copy of what is large.
awaitable<void> connection::send(std::string_view octets) {
    while (!octets.empty()) {
        const auto piece = octets.substr(0, octets_at_once);
        octets.remove_prefix(piece.size());
        channel_.out() += piece;
        const bool goes_on = co_await loop_.make_room();
        if (!goes_on) co_return;
    }
}

void connection::log_request(const answer& given) const {
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(now() - began_);
    log_.debug("request", "method={} route={} status={} took_ms={}", name_of(form_.verb),
               given.route.empty() ? "-" : given.route, given.status, took.count());
}

}  // namespace hauspost::http

#include "protocols/http/session/connection.hpp"

#include "protocols/http/problem.hpp"

#include <limits>
#include <utility>

namespace hauspost::http {
namespace {

// How much output is gathered before it is written; one piece of a body may come on top.
constexpr std::size_t full_output_octets = 64 * 1024;

}  // namespace

connection::connection(net::stream& peer,
                       const session_ports& ports,
                       std::shared_ptr<const session_config> config)
    : config_(std::move(config)),
      ports_(ports),
      log_(peer.peer(), "http"),
      channel_(peer, ports_.time, {config_->write_timeout, full_output_octets}),
      loop_(channel_, log_, net::turn(net::lane_of(peer.peer().address), config_->turn)),
      reader_(std::numeric_limits<std::size_t>::max()),  // no lines are read
      client_{peer.peer(), peer.is_encrypted()},
      began_(now()) {}

awaitable<void> connection::greet() {
    co_return;
}

awaitable<void> connection::step() {
    if (buffered().empty()) co_return co_await wait_for_octets();
    if (!parser_) {
        if (requests_ > 0) began_ = now();
        parser_.emplace(config_->limits);
    }
    const auto got = parser_->read_head(buffered());
    if (got.status == parse_status::need_more) co_return co_await wait_for_octets();
    reader_.consume(got.used);
    ++requests_;
    const auto& head = parser_->head();
    form_ = {head.verb, head.is_1_1, head.keeps_alive};
    if (got.status == parse_status::refused)
        refuse(parser_->why());
    else
        co_await serve();
    parser_.reset();
}

/// Nothing is said: an answer without a request would be taken for that to the next one.
void connection::say_end(sessions::ending why) {
    loop_.close(why == sessions::ending::shutdown ? "shutdown" : "ended");
}

awaitable<void> connection::leave() {
    parser_.reset();
    if (lingers_) co_await drop_the_rest();
}

std::string connection::end_facts() const {
    return "requests=" + std::to_string(requests_) + " refused=" + std::to_string(refused_);
}

awaitable<void> connection::serve() {
    std::optional<head_verdict> verdict;
    auto deciding = decide(verdict);
    const bool is_decided = co_await loop_.guarded(std::move(deciding));
    if (!is_decided) co_return refuse({500, "fault"});
    if (verdict->at_once) {
        answer given = std::move(*verdict->at_once);
        if (parser_->head().has_body()) given.closes = lingers_ = true;
        co_return co_await respond(std::move(given));
    }
    request asked;
    if (parser_->head().has_body()) {
        const bool is_whole = co_await read_body(verdict->max_body_octets, asked.body);
        if (!is_whole) co_return;
    }
    asked.head = std::move(parser_->head());
    std::optional<answer> given;
    auto asking = ask(std::move(asked), given);
    const bool is_answered = co_await loop_.guarded(std::move(asking));
    if (!is_answered) co_return refuse({500, "fault"});
    co_await respond(std::move(*given));
}

awaitable<void> connection::decide(std::optional<head_verdict>& verdict) {
    auto work = ports_.handler.on_head(parser_->head(), client_);
    verdict = co_await std::move(work);
}

awaitable<void> connection::ask(request asked, std::optional<answer>& given) {
    auto work = ports_.handler.on_request(std::move(asked), client_);
    given = co_await std::move(work);
}

}  // namespace hauspost::http

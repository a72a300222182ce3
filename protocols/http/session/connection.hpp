#pragma once

#include "base/awaitable.hpp"
#include "protocols/http/request_parser.hpp"
#include "protocols/http/session/session.hpp"
#include "protocols/sessions/channel.hpp"
#include "protocols/sessions/session_log.hpp"
#include "protocols/sessions/session_loop.hpp"
#include "protocols/wire/line_reader.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::http {

class pending_event;

/// What an answer's form depends on.
struct asked_by {
    method verb = method::get;
    bool is_1_1 = true;
    bool keeps_alive = true;
};

/// The life of one session: one request after another, the end for whatever reason. How a request is
/// read stands in input.cpp, how it is answered in output.cpp and event_stream.cpp.
///
/// Thread: the stream's.
class connection final : private sessions::session_steps {
public:
    connection(net::stream& peer,
               const session_ports& ports,
               std::shared_ptr<const session_config> config);

    awaitable<void> run() { return loop_.run(*this); }
    void request_stop() noexcept { loop_.request_end(sessions::ending::shutdown); }

private:
    awaitable<void> greet() override;
    awaitable<void> step() override;
    void say_end(sessions::ending why) override;
    awaitable<void> leave() override;
    [[nodiscard]] std::string end_facts() const override;

    [[nodiscard]] steady_time now() const noexcept { return ports_.time.now(); }
    [[nodiscard]] bool is_ending() const noexcept {
        return loop_.wanted_end() != sessions::ending::none;
    }

    // input.cpp
    [[nodiscard]] std::string_view buffered() const noexcept { return reader_.buffered(); }
    awaitable<void> wait_for_octets();
    /// False: the request is not to be answered any more.
    awaitable<bool> read_body(std::size_t most, std::string& body);
    awaitable<void> drop_the_rest();

    // The request in progress, whose head is whole.
    awaitable<void> serve();
    awaitable<void> decide(std::optional<head_verdict>& verdict);
    awaitable<void> ask(request asked, std::optional<answer>& given);

    // output.cpp
    /// What is wrong with a request; the connection ends behind it.
    void refuse(const refusal& why);
    awaitable<void> respond(answer given);
    awaitable<void> send(std::string_view octets);
    /// Appends the head of an answer. True: the connection ends behind it.
    bool begin_response(const answer& given, framing how);
    void log_request(const answer& given) const;

    // event_stream.cpp
    awaitable<void> send_events(std::shared_ptr<event_source> source, framing how);
    awaitable<void> push_all(pending_event& events, framing how);
    awaitable<void> read_ahead();
    void append_piece(std::string_view octets, framing how);

    const std::shared_ptr<const session_config> config_;
    const session_ports ports_;
    const sessions::session_log log_;
    sessions::channel channel_;
    sessions::session_loop loop_;
    wire::line_reader reader_;
    const client client_;

    std::optional<request_parser> parser_;  // of the request in progress
    asked_by form_;                         // the same
    steady_time began_;                     // that request; the connection before the first one
    bool lingers_ = false;                  // the client may not have sent all when we close
    unsigned requests_ = 0;
    unsigned refused_ = 0;
};

}  // namespace hauspost::http

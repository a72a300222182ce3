#pragma once

#include "protocols/smtp/client/client_session.hpp"
#include "protocols/smtp/path.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_stream.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::test {

/// What the server does next: it waits until the client has said something, answers, lets time
/// pass, and perhaps goes.
struct server_turn {
    std::string wait_for;  // "": at once
    std::string say;
    std::chrono::seconds pass{0};
    bool then_close = false;
};

/// A message in memory, in pieces.
class text_source final : public smtp::message_source {
public:
    explicit text_source(std::string text, std::size_t piece = 1 << 20)
        : text_(std::move(text)), piece_(piece) {}

    awaitable<result<std::string_view>> next() override {
        if (throws) throw std::runtime_error("broken disk");
        if (failure && read_ != 0) co_return failure;
        const auto got = std::string_view(text_).substr(read_, piece_);
        read_ += got.size();
        co_return got;
    }
    [[nodiscard]] bool was_read() const noexcept { return read_ != 0; }

    error_code failure;  // behind the first piece
    bool throws = false;

private:
    std::string text_;
    std::size_t piece_;
    std::size_t read_ = 0;
};

inline smtp::outgoing_message message_to(const std::vector<std::string>& recipients) {
    smtp::outgoing_message made;
    made.mail.reverse_path = {"bob", "b.example"};
    for (const auto& one : recipients)
        made.recipients.push_back({*smtp::parse_mailbox(one), {}});
    return made;
}

/// "permanent replied rcpt 550 5.1.1 no".
inline std::string shown(const smtp::send_outcome& outcome) {
    constexpr const char* verdicts[] = {"delivered", "temporary", "permanent", "postponed"};
    std::string text = verdicts[static_cast<int>(outcome.verdict)];
    text += ' ' + std::string(to_text(outcome.reason)) + ' ' + std::string(to_text(outcome.step));
    if (outcome.reply.code != 0) text += ' ' + outcome.reply.to_line();
    return text;
}

/// A client session against a server that plays a script.
struct remote_script {
    explicit remote_script(std::vector<server_turn> script) : turns(std::move(script)) {
        server.use(time);
        settings->hostname = "me.example";
        settings->use_chunking = false;
    }

    struct job {
        smtp::outgoing_message message;
        text_source octets;
    };
    void add(smtp::outgoing_message message, text_source octets = text_source("text\r\n")) {
        jobs.push_back({std::move(message), std::move(octets)});
    }

    /// Begins, sends all jobs, and quits. Returns what begin() came to; "": all is well.
    std::string play() {
        asio::co_spawn(io, answer(*this),
                       [this](std::exception_ptr fault) { script_fault = fault; });
        run(io, talk(*this));
        return refused ? shown(*refused) : "";
    }

    /// The outcomes of a job, with "; " between two.
    [[nodiscard]] std::string outcome(std::size_t which = 0) const {
        std::string all;
        for (const auto& one : outcomes.at(which))
            all += (all.empty() ? "" : "; ") + shown(one);
        return all;
    }

    /// Until the client has heard all and waits for more.
    static awaitable<void> until_idle(const memory_stream& server) {
        const auto executor = co_await asio::this_coro::executor;
        for (int turns = 0; turns < 1000; ++turns) {
            if (server.is_closed() || (server.is_waiting() && server.unread_input().empty()))
                co_return;
            co_await asio::post(executor, asio::use_awaitable);
        }
    }

    static awaitable<void> answer(remote_script& self) {
        for (const auto& turn : self.turns) {
            if (!turn.wait_for.empty()) {
                const auto heard = co_await self.server.read_until(turn.wait_for);
                (void)heard;
            }
            if (!turn.say.empty()) self.server.send(turn.say);
            if (turn.pass.count() != 0) {
                co_await until_idle(self.server);
                self.time.advance(turn.pass);
            }
            if (turn.then_close) self.server.finish();
        }
        self.is_played = true;
        const auto heard = co_await self.server.read_until("QUIT\r\n");
        (void)heard;
        self.server.send("221 bye\r\n");
    }

    static awaitable<void> talk(remote_script& self) {
        smtp::client_session session(self.server, self.time, self.settings);
        self.refused = co_await session.begin();
        if (!self.refused)
            for (auto& one : self.jobs) {
                auto sent = session.send(one.message, one.octets);
                try {
                    auto outcome = co_await std::move(sent);
                    self.outcomes.push_back(std::move(outcome));
                } catch (const std::runtime_error&) {
                    self.has_thrown = true;
                }
                self.usable.push_back(session.is_usable());
            }
        co_await session.quit();
    }

    std::vector<server_turn> turns;
    asio::io_context io{1};
    manual_clock time;
    memory_stream server{"", when_dry::wait};
    std::shared_ptr<smtp::client_settings> settings = std::make_shared<smtp::client_settings>();
    std::vector<job> jobs;

    std::optional<smtp::send_outcome> refused;
    std::vector<std::vector<smtp::send_outcome>> outcomes;
    std::vector<bool> usable;  // after each job
    bool has_thrown = false;
    bool is_played = false;  // the script, to its end
    std::exception_ptr script_fault;
};

inline const server_turn greet{"", "220 mx.example ESMTP\r\n"};
inline server_turn offer(const std::string& extensions = "PIPELINING") {
    std::string say = "250-mx.example\r\n";
    for (std::size_t at = 0; at < extensions.size();) {
        const auto end = std::min(extensions.find(',', at), extensions.size());
        say += "250-" + extensions.substr(at, end - at) + "\r\n";
        at = end + 1;
    }
    return {"EHLO me.example\r\n", say + "250 HELP\r\n"};
}
inline const server_turn take_one{"DATA\r\n", "250 ok\r\n250 ok\r\n354 go\r\n"};
inline const server_turn stored{"\r\n.\r\n", "250 2.0.0 stored\r\n"};
inline const std::string delivered = "delivered replied end_of_data 250 2.0.0 stored";

}  // namespace hauspost::test

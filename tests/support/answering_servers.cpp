#include "tests/support/answering_servers.hpp"

#include <boost/asio/error.hpp>

#include <utility>

namespace hauspost::test {
namespace {

class answering_stream final : public net::stream {
public:
    answering_stream(answering_servers::server& who,
                     const net::tls_endpoint& client,
                     manual_clock* time)
        : server_(who),
          inner_(who.greeting, when_dry::wait),
          verifies_(SSL_get_verify_mode(client.begin().get()) != SSL_VERIFY_NONE) {
        if (time != nullptr) inner_.use(*time);
        inner_.allow_tls(true);
        if (who.breaks_tls) fails_tls_ = true;
    }

    awaitable<error_code> write(std::string_view octets, duration limit) override {
        const auto failed = co_await inner_.write(octets, limit);
        if (failed) co_return failed;
        pending_ += octets;
        while (take_line()) {
        }
        co_return error_code();
    }
    awaitable<result<std::size_t>> read_some(std::span<char> into, duration limit) override {
        return inner_.read_some(into, limit);
    }
    awaitable<error_code> wait_readable(duration limit) override {
        return inner_.wait_readable(limit);
    }
    [[nodiscard]] net::presence look() noexcept override { return inner_.look(); }
    void wake() noexcept override { inner_.wake(); }
    awaitable<error_code> start_tls(duration limit) override {
        if (fails_tls_) co_return asio::error::connection_aborted;
        if (verifies_ && server_.distrust) co_return server_.distrust;
        const auto failed = co_await inner_.start_tls(limit);
        auto tls = inner_.tls();
        tls.verified = verifies_ ? server_.proves : net::authentication::none;
        inner_.set_tls(std::move(tls));
        co_return failed;
    }
    [[nodiscard]] bool can_start_tls() const noexcept override { return inner_.can_start_tls(); }
    [[nodiscard]] bool is_encrypted() const noexcept override { return inner_.is_encrypted(); }
    [[nodiscard]] net::tls_info tls() const override { return inner_.tls(); }
    [[nodiscard]] const net::peer_info& peer() const noexcept override { return inner_.peer(); }
    void end_at(steady_time last_moment) noexcept override { inner_.end_at(last_moment); }
    void close() noexcept override { inner_.close(); }

private:
    bool take_line() {
        const std::string end = in_message_ ? "\r\n.\r\n" : "\r\n";
        if (in_message_ && pending_.starts_with(".\r\n")) {
            pending_.erase(0, 3);
            end_message("");
            return true;
        }
        const auto at = pending_.find(end);
        if (at == std::string::npos) return false;
        auto text = pending_.substr(0, in_message_ ? at + 2 : at);
        pending_.erase(0, at + end.size());
        if (in_message_)
            end_message(std::move(text));
        else
            answer(text);
        return true;
    }

    void end_message(std::string text) {
        in_message_ = false;
        server_.messages.push_back(std::move(text));
        answer(".");
    }

    void answer(const std::string& command) {
        server_.commands.push_back(command);
        std::optional<std::string> said;
        if (server_.answers) said = server_.answers(command);
        if (!said) said = usual(command);
        if (said->empty()) return inner_.finish();
        in_message_ = said->starts_with("354");
        inner_.send(*said);
    }

    std::string usual(const std::string& command) const {
        if (command.starts_with("EHLO")) return offers();
        if (command == "DATA") return "354 go on\r\n";
        if (command == "STARTTLS") return "220 go on\r\n";
        if (command == "QUIT") return "221 bye\r\n";
        return "250 2.0.0 ok\r\n";
    }

    std::string offers() const {
        auto said = server_.offers;
        // The first line is the server's name.
        if (server_.has_tls && !inner_.is_encrypted())
            said.insert(said.find('\n') + 1, "250-STARTTLS\r\n");
        return said;
    }

    answering_servers::server& server_;
    memory_stream inner_;
    std::string pending_;
    bool in_message_ = false;
    bool fails_tls_ = false;
    const bool verifies_;
};

}  // namespace

awaitable<result<std::unique_ptr<net::stream>>> answering_servers::connect(
    boost::asio::ip::tcp::endpoint to, const net::tls_endpoint& tls) {
    const auto address = to.address().to_string();
    connected_.push_back(address);
    auto& who = servers_[address];
    ++who.connections;
    if (who.is_away) co_return error_code(asio::error::connection_refused);
    std::unique_ptr<net::stream> made = std::make_unique<answering_stream>(who, tls, time_);
    co_return std::move(made);
}

}  // namespace hauspost::test

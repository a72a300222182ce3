#include "server/outbound/submission_sink.hpp"

#include "base/address.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/utf8.hpp"
#include "protocols/message/date_time.hpp"
#include "protocols/smtp/path.hpp"
#include "protocols/smtp/server/replies.hpp"
#include "server/outbound/submitted_header.hpp"

#include <chrono>
#include <exception>
#include <utility>

namespace hauspost::outbound {

using smtp::delivery_verdict;

namespace {

/// One whose sender may not send it.
class refused_message final : public smtp::incoming_message {
public:
    explicit refused_message(refused_submission refused) : refused_(std::move(refused)) {}

    [[nodiscard]] delivery_verdict verdict_at_once() const override {
        return refused_.is_frozen ? delivery_verdict::sending_frozen
                                  : delivery_verdict::over_sending_limit;
    }
    awaitable<delivery_verdict> write(std::string_view) override { co_return verdict_at_once(); }
    awaitable<delivery_verdict> commit() override { co_return verdict_at_once(); }
    [[nodiscard]] std::string_view why() const override { return refused_.why; }
    [[nodiscard]] const std::string& id() const override { return id_; }

private:
    const refused_submission refused_;
    const std::string id_;
};

}  // namespace

class submission_sink::message final : public smtp::incoming_message {
public:
    message(submission_sink& sink,
            std::shared_ptr<const smtp::envelope> envelope,
            std::unique_ptr<smtp::incoming_message> next)
        : sink_(sink), envelope_(std::move(envelope)), next_(std::move(next)) {}

    awaitable<delivery_verdict> write(std::string_view octets) override {
        if (!header_.is_complete()) {
            header_.take(octets);
            if (header_.is_too_long()) co_return refuse_header("message header is too long");
            if (!header_.is_complete()) co_return delivery_verdict::accepted;
            auto passing = pass_header();
            const auto verdict = co_await std::move(passing);
            if (verdict != delivery_verdict::accepted || octets.empty()) co_return verdict;
        }
        co_return co_await next_->write(octets);
    }

    awaitable<delivery_verdict> commit() override {
        if (!header_.is_complete()) {
            auto ending = end_header();
            const auto verdict = co_await std::move(ending);
            if (verdict != delivery_verdict::accepted) co_return verdict;
        }
        co_return co_await next_->commit();
    }

    [[nodiscard]] std::string_view why() const override {
        return why_.empty() ? next_->why() : std::string_view(why_);
    }
    [[nodiscard]] const std::string& id() const override { return next_->id(); }

private:
    delivery_verdict refuse_header(std::string_view words) {
        why_ = words;
        return delivery_verdict::bad_header;
    }

    /// The message had no body. Never throws.
    awaitable<delivery_verdict> end_header() {
        header_.finish();
        try {
            auto passing = pass_header();
            co_return co_await std::move(passing);
        } catch (const std::exception& fault) {
            log::error("fault proto=submission id={} what={}", id(), log_safe(fault.what()));
        }
        co_return delivery_verdict::try_again;
    }

    awaitable<delivery_verdict> pass_header() {
        if (header_.is_too_long()) co_return refuse_header("message header has too many fields");
        auto asking = are_authors_own();
        const bool is_own = co_await std::move(asking);
        if (!is_own) co_return delivery_verdict::foreign_author;
        if (!complete()) co_return refuse_header("message has no From field");
        for (const auto piece : header_.pieces()) {
            const auto verdict = co_await next_->write(piece);
            if (verdict != delivery_verdict::accepted) co_return verdict;
        }
        header_.release();
        co_return delivery_verdict::accepted;
    }

    awaitable<bool> are_authors_own() {
        const auto& user = envelope_->submitter;
        for (const auto& author : header_.authors()) {
            smtp::mailbox_address name;
            name.local_part = author.local;
            name.domain = author.domain;
            const auto shown = smtp::to_text(name);
            auto asking = sink_.senders_.may_send_as(user.account, std::move(name));
            const bool is_own = co_await std::move(asking);
            if (is_own) continue;
            why_ = author.domain.empty() ? "From or Sender field has no valid address"
                                         : smtp::replies::foreign_address(shown, user.address);
            co_return false;
        }
        co_return true;
    }

    /// Adds what the header lacks. False: it lacks a From field that nobody could write for it.
    bool complete() {
        const auto now =
            std::chrono::duration_cast<std::chrono::seconds>(sink_.time_.now().time_since_epoch())
                .count();
        const auto& login = envelope_->submitter.address;
        if (!header_.has_from()) {
            if (!envelope_->smtputf8 && !utf8::is_ascii(login)) return false;
            smtp::mailbox_address author;
            author.local_part = address::local_part_of(login);
            author.domain = address::domain_of(login);
            header_.add("From", smtp::to_text(author));
        }
        if (!header_.has_date()) {
            mail::date_time at;
            at.unix_seconds = now;
            header_.add("Date", hauspost::message::write_date(at));
        }
        if (!header_.has_message_id())
            header_.add("Message-ID", '<' + std::to_string(now) + '.' + random::readable(16) + '@' +
                                          sink_.hostname_ + '>');
        return true;
    }

    submission_sink& sink_;
    const std::shared_ptr<const smtp::envelope> envelope_;
    const std::unique_ptr<smtp::incoming_message> next_;
    submitted_header header_;
    std::string why_;
};

awaitable<std::unique_ptr<smtp::incoming_message>> submission_sink::begin(
    std::shared_ptr<const smtp::envelope> envelope) {
    if (limits_ != nullptr) {
        auto counted = envelope;
        auto wanted = co_await limits_->count(std::move(counted));
        auto login = envelope->submitter.address;
        auto refused = co_await limits_->find_refusal(std::move(wanted), std::move(login));
        std::unique_ptr<smtp::incoming_message> none;
        if (refused) none = std::make_unique<refused_message>(std::move(*refused));
        if (none) co_return none;
    }
    auto shared = envelope;
    auto next = co_await next_.begin(std::move(shared));
    if (!next) co_return nullptr;
    std::unique_ptr<smtp::incoming_message> made =
        std::make_unique<message>(*this, std::move(envelope), std::move(next));
    co_return made;
}

}  // namespace hauspost::outbound

#include "tests/fuzz/support/imap_talker.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::fuzz {
namespace {

/// What stands between `before` and the next `end`.
std::optional<std::string> text_between(std::string_view text,
                                        std::string_view before,
                                        std::string_view end) {
    const auto at = text.find(before);
    if (at == std::string_view::npos) return std::nullopt;
    const auto rest = text.substr(at + before.size());
    return std::string(rest.substr(0, rest.find_first_of(end)));
}

std::string whole(const sentence& command) {
    std::string text;
    for (const auto& part : command.parts)
        text += part;
    return text;
}

}  // namespace

imap_talker::imap_talker(test::imap_server& server,
                         std::string user,
                         std::string other,
                         bool has_tls)
    : server_(server),
      session_(peer_, server.ports(), std::make_shared<const imap::session_config>(server.config)) {
    peer_.allow_tls(has_tls);
    known_["user"] = std::move(user);
    known_["other"] = std::move(other);
    known_["uidvalidity"] = known_["modseq"] = "1";
    known_["mailboxid"] = known_["emailid"] = known_["threadid"] = known_["tag"] = "x";
    asio::co_spawn(server.parts.io, session_.run(), [this](std::exception_ptr fault) {
        must(!fault, "the session threw");
        is_over_ = true;
    });
    settle();
}

imap_talker::~imap_talker() {
    if (!is_over_) finish();
}

bool imap_talker::must_be_last(const sentence& command) {
    const auto text = whole(command);
    for (const auto* word : {"AUTHENTICATE", "COMPRESS", "IDLE", "STARTTLS"})
        if (has_word(text, word)) return true;
    return command.parts.size() > 1 || !command.is_framed;
}

void imap_talker::say(sentence command, bool more_follows) {
    auto text = whole(command);
    if (!command.is_framed) {
        command.parts = {text};
        is_followed_ = false;
        numbers_.forget();
    }
    // A client that does not know whether it has to inflate cannot read on.
    if (!is_followed_ && has_word(text, "COMPRESS")) return;
    has_notify_ = has_notify_ || has_word(text, "NOTIFY");
    const auto tag = "t" + std::to_string(++tag_);
    if (has_word(text, "SEARCH") || has_word(text, "SORT")) known_["tag"] = tag;
    to_send_ += tag + " " + command.parts.front();
    parts_.assign(command.parts.begin() + 1, command.parts.end());
    pending_.push_back({tag, std::move(text)});
    if (!more_follows) transmit();
}

void imap_talker::go_on() {
    to_send_ = std::move(parts_.front());
    parts_.pop_front();
    transmit();
}

void imap_talker::transmit() {
    has_leave_ = false;
    const auto octets = std::exchange(to_send_, {});
    show(this, '>', octets);
    peer_.send(deflate_ ? deflate_->deflate(octets) : octets);
    settle();
    check_settled();
}

void imap_talker::settle() {
    test::run_until(server_.parts.io, [this] {
        return is_over_ || (peer_.is_waiting() && peer_.unread_input().empty());
    });
    listen();
}

/// All that was said is read, and the session waits for more.
void imap_talker::check_settled() {
    if (!is_followed_) {
        parts_.clear();
        return;
    }
    if (is_over_) {
        must(said_bye_, "the session ended without BYE");
        return;
    }
    if (pending_.empty()) {
        parts_.clear();  // refused before its literal was wanted
        return;
    }
    must(pending_.size() == 1 && (has_leave_ || !parts_.empty()), "a command has no answer");
    must(has_leave_, "a part of a command has no leave");
    // The server wants more than the command has: AUTHENTICATE of another mechanism.
    if (parts_.empty()) parts_.emplace_back("*\r\n");
}

void imap_talker::listen() {
    const auto octets = peer_.take_output();
    answers_.feed(deflate_ ? deflate_->inflate(octets) : octets);
    octets_out_ += octets.size();
    while (const auto response = answers_.next())
        hear(*response);
    if (is_over_) must(answers_.take_rest().empty(), "the output ends within a line");
}

void imap_talker::hear(const std::string& response) {
    show(this, '<', response);
    must(!has_word(response, "[SERVERBUG]"), "a fault of the server's");
    if (response.starts_with("* ")) {
        hear_untagged(response);
    } else if (response.starts_with("+ ")) {
        has_leave_ = true;
    } else {
        hear_tagged(response);
    }
}

void imap_talker::hear_untagged(const std::string& response) {
    if (response.starts_with("* BYE ")) said_bye_ = true;
    if (response.starts_with("* ENABLED ") &&
        (has_word(response, "UTF8=ACCEPT") || has_word(response, "IMAP4rev2")))
        answers_.allow_8bit();
    const auto learn = [&](const char* name, std::string_view before) {
        if (auto value = text_between(response, before, ")] ")) known_[name] = std::move(*value);
    };
    learn("uidvalidity", "[UIDVALIDITY ");
    learn("modseq", "[HIGHESTMODSEQ ");
    learn("mailboxid", "[MAILBOXID (");
    learn("emailid", "EMAILID (");
    learn("threadid", "THREADID (");
    if (!is_followed_) return;
    if (response.starts_with("* ENABLED ")) {
        has_qresync_ = has_qresync_ || has_word(response, " QRESYNC");
        is_uid_only_ = is_uid_only_ || has_word(response, " UIDONLY");
    }
    check_expunge(response);
    const auto selects = !pending_.empty() && (has_word(pending_.front().text, "SELECT") ||
                                               has_word(pending_.front().text, "EXAMINE"));
    numbers_.hear(response, selects);
}

void imap_talker::check_expunge(std::string_view response) const {
    const bool is_vanished = response.starts_with("* VANISHED ");
    const bool is_expunge = response.ends_with(" EXPUNGE");
    const auto words = response.substr(std::min(response.find(' ', 2), response.size()));
    must(!is_vanished || has_qresync_ || is_uid_only_, "VANISHED was not enabled");
    // RFC 9586 3
    must(!is_uid_only_ || (!is_expunge && !words.starts_with(" FETCH ")),
         "a sequence number after UIDONLY");
    if (has_notify_ || pending_.empty()) return;
    // RFC 9051 7.5.1
    const bool goes = is_expunge || (is_vanished && !response.starts_with("* VANISHED (EARLIER)"));
    for (const std::string_view numbered : {"FETCH ", "STORE ", "SEARCH ", "SORT ", "THREAD "})
        must(!goes || !ascii::starts_with_nocase(pending_.front().text, numbered),
             "a message goes while numbers are on their way");
}

void imap_talker::hear_tagged(const std::string& response) {
    const auto space = response.find(' ');
    must(space != std::string::npos, "a line is neither tagged nor untagged");
    const auto rest = std::string_view(response).substr(space + 1);
    const bool is_ok = rest.starts_with("OK ");
    must(is_ok || rest.starts_with("NO ") || rest.starts_with("BAD "),
         "a line is neither tagged nor untagged");
    if (!is_followed_) return;
    must(!pending_.empty() && pending_.front().tag == response.substr(0, space),
         "a tagged answer out of order");
    const auto answered = std::move(pending_.front());
    pending_.pop_front();
    if (is_ok && ascii::starts_with_nocase(answered.text, "UNAUTHENTICATE"))
        has_qresync_ = is_uid_only_ = has_notify_ = false;
    if (!is_ok || !ascii::starts_with_nocase(answered.text, "COMPRESS ")) return;
    deflate_ = std::make_unique<test::deflate_peer>();
    const auto deflated = answers_.take_rest();
    answers_.feed(deflate_->inflate(deflated));
}

void imap_talker::finish() {
    peer_.finish();
    peer_.wake();
    test::run_until(server_.parts.io, [this] { return is_over_; });
    must(peer_.is_closed(), "the session left the stream open");
    listen();
}

}  // namespace hauspost::fuzz

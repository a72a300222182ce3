#pragma once

#include <cstddef>
#include <cstdint>

namespace hauspost::smtp {

enum class phase : std::uint8_t {
    connected,  // nobody has said HELO or EHLO yet
    greeted,    // no transaction
    mail,       // MAIL was accepted
    rcpt,       // at least one RCPT was accepted
    chunks,     // at least one BDAT was accepted, the last one is still to come
};

/// Which command is allowed now (RFC 5321 4.1.4, RFC 3030 2 and 3, RFC 3207 4.2). Ask first, then
/// report what was accepted. A message that was taken or refused ends with reset(): after that
/// nothing of it is left that a later command could use.
class transaction {
public:
    [[nodiscard]] phase now() const noexcept { return phase_; }
    [[nodiscard]] std::size_t recipients() const noexcept { return recipients_; }
    [[nodiscard]] std::size_t chunks() const noexcept { return chunks_; }
    [[nodiscard]] bool is_open() const noexcept { return phase_ >= phase::mail; }
    [[nodiscard]] bool is_binary() const noexcept { return is_binary_; }

    [[nodiscard]] bool may_mail() const noexcept { return phase_ == phase::greeted; }
    [[nodiscard]] bool may_rcpt() const noexcept {
        // RFC 3030 2: no RCPT once a chunk has come.
        return phase_ == phase::mail || phase_ == phase::rcpt;
    }
    [[nodiscard]] bool may_data() const noexcept {
        // RFC 3030 3: a BINARYMIME message cannot come by DATA, nor can the rest of a chunked one.
        return phase_ == phase::rcpt && !is_binary_;
    }
    [[nodiscard]] bool may_bdat() const noexcept {
        return phase_ == phase::rcpt || phase_ == phase::chunks;
    }
    [[nodiscard]] bool may_start_tls() const noexcept { return !is_open(); }

    /// HELO or EHLO: RFC 5321 4.1.4 makes it a RSET as well.
    void greet() noexcept {
        phase_ = phase::greeted;
        reset();
    }
    void begin(bool is_binary) noexcept {
        phase_ = phase::mail;
        is_binary_ = is_binary;
    }
    void add_recipient() noexcept {
        phase_ = phase::rcpt;
        ++recipients_;
    }
    void add_chunk() noexcept {
        phase_ = phase::chunks;
        ++chunks_;
    }
    void reset() noexcept {
        if (is_open()) phase_ = phase::greeted;
        recipients_ = chunks_ = 0;
        is_binary_ = false;
    }
    /// TLS has begun: RFC 3207 4.2, all knowledge is discarded.
    void restart() noexcept { *this = transaction(); }

private:
    phase phase_ = phase::connected;
    bool is_binary_ = false;
    std::size_t recipients_ = 0;
    std::size_t chunks_ = 0;
};

}  // namespace hauspost::smtp

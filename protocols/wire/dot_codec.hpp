#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace hauspost::wire {

/// Takes the octets after DATA apart (RFC 5321 4.5.2): removes the stuffed dots and finds the end,
/// which is CRLF "." CRLF and nothing else. Octets may come in any pieces.
///
/// A CR without LF or an LF without CR is never a line end, not even of the last line: whoever
/// takes it for one could be made to see commands inside a message. It is reported instead, and
/// the caller refuses the message once its true end has come. CR CR LF is no line end either.
class dot_decoder {
public:
    struct step {
        std::size_t consumed = 0;  // of the input; less than all only when is_end
        std::size_t produced = 0;  // octets of the message, at the input's beginning
        bool is_end = false;
    };

    /// Decodes in place: the first `produced` octets of `octets` are the message's next octets.
    /// Not to be called after is_end. What is produced once has_bare_newline() holds is worthless.
    step decode(std::span<char> octets) noexcept;

    [[nodiscard]] bool has_bare_newline() const noexcept { return has_bare_newline_; }

private:
    // after_cr_cr: an LF now does not end a line.
    enum class place { line_start, after_dot, after_dot_cr, in_line, after_cr, after_cr_cr };

    const char* line(const char* in, const char* end) noexcept;
    const char* line_of_refused(const char* in, const char* end) noexcept;
    void after_bare_cr(char next) noexcept;

    place place_ = place::line_start;  // DATA's own CRLF came before
    bool has_bare_newline_ = false;
};

/// Looks for CR without LF and LF without CR in octets that come in pieces (BDAT of a message that
/// is not BINARYMIME).
class newline_guard {
public:
    void check(std::string_view octets) noexcept;
    /// At the end of the octets: a CR may have been the last.
    [[nodiscard]] bool has_bare_newline() const noexcept { return has_bare_newline_ || after_cr_; }

private:
    bool after_cr_ = false;
    bool has_bare_newline_ = false;
};

/// Makes octets whose number is told before (BDAT) lines of mail: line ends of other kinds become
/// CRLF, so that no peer can see an end where we see none. All else stays as it is.
class newline_mender {
public:
    void mend(std::string_view octets, std::string& out);

private:
    bool after_cr_ = false;
};

/// Makes octets fit to follow DATA or a POP3 reply: each line ends in CRLF, dots are stuffed. Line
/// ends of other kinds become CRLF, so that no peer can see an end where we see none.
class dot_encoder {
public:
    void encode(std::string_view octets, std::string& out);
    /// Ends the last line if it has no end, and adds the line that ends the data.
    void finish(std::string& out);

private:
    bool at_line_start_ = true;
    bool after_cr_ = false;
};

}  // namespace hauspost::wire

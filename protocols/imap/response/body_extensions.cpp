#include "base/ascii.hpp"
#include "protocols/imap/response/body_structure.hpp"
#include "protocols/imap/response/string_reader.hpp"

#include <algorithm>

namespace hauspost::imap {
namespace {

constexpr std::string_view unknown_body =
    R"(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0))";

/// Reads what write_body_structure wrote, from left to right. A wrong octet ends it: ok() is false
/// and the values are "".
class syntax_reader {
public:
    explicit syntax_reader(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] bool sees(char c) const { return rest_.starts_with(c); }
    void expect(char c) {
        if (!sees(c)) return fail();
        rest_.remove_prefix(1);
    }
    /// One string, literal, atom, number, or list with all that is in it.
    std::string_view value() {
        const auto begin = rest_;
        std::size_t depth = 0;
        do {
            if (sees('(')) {
                ++depth;
                rest_.remove_prefix(1);
            } else if (depth > 0 && sees(')')) {
                --depth;
                rest_.remove_prefix(1);
            } else if (depth > 0 && sees(' ')) {
                rest_.remove_prefix(1);
            } else {
                scalar();
            }
        } while (depth > 0 && ok_);
        return ok_ ? begin.substr(0, begin.size() - rest_.size()) : std::string_view{};
    }
    /// All values up to the ")" of the list we are in.
    void skip_rest_of_list() {
        while (ok_ && !sees(')')) {
            expect(' ');
            value();
        }
        expect(')');
    }

private:
    void fail() {
        ok_ = false;
        rest_ = {};
    }
    void scalar() {
        const bool is_string = sees('"') || sees('{');
        const auto length = is_string ? string_at(rest_).size()
                                      : std::min(rest_.find_first_of(" ()\"{"), rest_.size());
        if (length == 0) return fail();
        rest_.remove_prefix(length);
    }

    std::string_view rest_;
    bool ok_ = true;
};

/// Copies the basic fields of each body; open multiparts and messages wait on a stack.
class extension_stripper {
public:
    explicit extension_stripper(std::string_view text) : in_(text) { out_.reserve(text.size()); }

    std::string run() {
        do {
            const bool complete = begin_body();
            if (complete) end_bodies();
        } while (in_.ok() && !open_.empty());
        if (!in_.ok() || !in_.at_end()) return std::string(unknown_body);
        return std::move(out_);
    }

private:
    enum class kind : bool { multipart, message };

    void copy_value() { out_ += in_.value(); }
    void copy_values(int count) {
        for (int i = 0; i < count; ++i) {
            in_.expect(' ');
            out_ += ' ';
            copy_value();
        }
    }
    void close() {
        in_.skip_rest_of_list();
        out_ += ')';
    }

    /// Returns false when another body comes first: the one inside.
    bool begin_body() {
        in_.expect('(');
        out_ += '(';
        if (in_.sees('(')) {
            open_.push_back(kind::multipart);
            return false;
        }
        const auto type = in_.value();
        in_.expect(' ');
        const auto subtype = in_.value();
        out_ += type;
        out_ += ' ';
        out_ += subtype;
        copy_values(5);  // parameters, id, description, encoding, octets
        if (ascii::equal_nocase(type, "\"message\"") &&
            (ascii::equal_nocase(subtype, "\"rfc822\"") ||
             ascii::equal_nocase(subtype, "\"global\""))) {
            copy_values(1);  // envelope
            in_.expect(' ');
            out_ += ' ';
            open_.push_back(kind::message);
            return false;
        }
        if (ascii::equal_nocase(type, "\"text\"")) copy_values(1);  // lines
        close();
        return true;
    }

    /// A body is complete: so may be those around it.
    void end_bodies() {
        while (in_.ok() && !open_.empty()) {
            if (open_.back() == kind::multipart && in_.sees('(')) return;
            copy_values(1);  // multipart: subtype; message: lines
            close();
            open_.pop_back();
        }
    }

    syntax_reader in_;
    std::string out_;
    std::vector<kind> open_;
};

}  // namespace

std::string without_extensions(std::string_view body_structure) {
    return extension_stripper(body_structure).run();
}

}  // namespace hauspost::imap

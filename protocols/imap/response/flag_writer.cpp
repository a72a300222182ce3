#include "protocols/imap/response/flag_writer.hpp"

#include "protocols/imap/response/response_writer.hpp"

namespace hauspost::imap {
namespace {

constexpr std::uint32_t system_mask = (1u << mail::flags::first_keyword) - 1;

}  // namespace

void flag_writer::append(std::string& out,
                         std::uint32_t bits,
                         const std::vector<std::uint16_t>* extra_keywords,
                         bool is_recent) {
    if (extra_keywords && !extra_keywords->empty())
        return write(out, bits, extra_keywords, is_recent);
    if (!has_last_ || bits != last_bits_ || is_recent != was_recent_) {
        last_text_.clear();
        write(last_text_, bits, nullptr, is_recent);
        last_bits_ = bits;
        was_recent_ = is_recent;
        has_last_ = true;
    }
    out += last_text_;
}

void flag_writer::write(std::string& out,
                        std::uint32_t bits,
                        const std::vector<std::uint16_t>* extra_keywords,
                        bool is_recent) const {
    response_writer writer(out);
    writer.raw("FLAGS (");
    const auto start = out.size();
    const auto system = bits & system_mask;
    if (is_recent) writer.raw(system == 0 ? "\\Recent" : "\\Recent ");
    writer.flags(system);
    const auto add = [&](std::size_t keyword) {
        if (keyword < keywords_.size()) writer.flag(keywords_[keyword], out.size() == start);
    };
    for (unsigned n = 0; n < mail::flags::in_word; ++n)
        if (bits >> (mail::flags::first_keyword + n) & 1) add(n);
    if (extra_keywords)
        for (const auto keyword : *extra_keywords)
            add(keyword);
    writer.raw(')');
}

void write_flag_lines(std::string& out,
                      const std::vector<std::string>& keywords,
                      mail::flag_mask changeable,
                      bool has_room) {
    response_writer writer(out);
    writer.raw("* FLAGS (").flags(mail::flags::system, keywords).raw(")\r\n");
    writer.raw("* OK [PERMANENTFLAGS (");
    const auto start = out.size();
    if (changeable.keywords)
        writer.flags(changeable.system & mail::flags::system, keywords);
    else
        writer.flags(changeable.system & mail::flags::system);
    const bool has_none = out.size() == start;
    // `\*`: the client may make new keywords (RFC 9051 7.1).
    if (changeable.keywords && has_room) writer.raw(" \\*");
    writer.raw(has_none ? ")] No flag can be changed\r\n" : ")] Flags are kept\r\n");
}

}  // namespace hauspost::imap

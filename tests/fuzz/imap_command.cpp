// A client's octets through assembler and parser: no crash, bounded memory, and the same outcome
// whether they come in one piece, in two, or octet by octet.
#include "protocols/imap/grammar/assembler.hpp"
#include "protocols/imap/grammar/command_parser.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using namespace hauspost::imap;

namespace {

limits small_limits() {
    limits bounds;
    bounds.line_octets = 200;
    bounds.line_octets_before_login = 100;
    bounds.literal_octets = 60;
    bounds.literal_octets_before_login = 30;
    bounds.command_octets = 300;
    bounds.literals = 4;
    bounds.append_octets = 100;
    bounds.swallowed_octets = 150;
    return bounds;
}

/// A session in small: writes down what the assembler says. The input's first octet chooses.
class listener {
public:
    explicit listener(unsigned char choice)
        : assembler_(choice % 2 == 0 ? limits{} : small_limits()),
          takes_append_(choice / 2 % 2 == 0) {
        if (choice / 4 % 2 == 0) assembler_.set_logged_in();
        is_utf8_ = choice / 8 % 2 != 0;
        assembler_.set_utf8(is_utf8_);
    }

    void feed(std::string_view octets) {
        if (assembler_.must_close()) return;
        assembler_.feed(octets);
        while (advance()) {
        }
    }
    /// As a session reads them.
    void read(std::string_view octets) {
        if (assembler_.must_close()) return;
        assembler_.release_memory();
        octets.copy(assembler_.room(octets.size()).data(), octets.size());
        assembler_.added(octets.size());
        while (advance()) {
        }
    }
    std::vector<std::string> said;

private:
    bool advance() {
        while (assembler_.literal_left() > 0) {
            const auto octets = assembler_.take_literal();
            if (octets.empty()) return false;
            message_ += octets;
        }
        switch (assembler_.next()) {
        case assembly::need_more: return false;
        case assembly::complete: parse(); return true;
        case assembly::continuation: said.emplace_back("+"); return true;
        case assembly::append:
            said.push_back("append " + assembler_.append().tag);
            for (const auto& event : assembler_.append().events)
                if (const auto* url = std::get_if<append_url>(&event)) said.push_back(url->url);
            takes_append_ ? assembler_.accept_append() : assembler_.refuse_append();
            return true;
        case assembly::append_end: said.push_back("end " + std::move(message_)); break;
        case assembly::refused: said.push_back("refused " + assembler_.refusal().text); break;
        }
        message_.clear();
        return !assembler_.must_close();
    }
    void parse() {
        const auto parsed = parse_command(assembler_.command(), is_utf8_);
        if (const auto* why = std::get_if<refusal>(&parsed)) {
            if (why->text.empty() || why->tag.empty()) std::abort();
            said.push_back(why->tag + " " + why->text);
            return;
        }
        const auto& tagged = std::get<tagged_command>(parsed);
        if (const auto* search = std::get_if<cmd::search>(&tagged.command))
            if (search->program.keys.front().length != search->program.keys.size()) std::abort();
        said.push_back(tagged.tag + " command " + std::to_string(tagged.command.index()));
    }

    assembler assembler_;
    bool takes_append_;
    bool is_utf8_ = false;
    std::string message_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view octets(reinterpret_cast<const char*>(data) + 2, size - 2);
    listener whole(data[0]);
    whole.feed(octets);
    listener halves(data[0]);
    const auto cut = octets.size() * data[1] / 255;
    halves.read(octets.substr(0, cut));
    halves.read(octets.substr(cut));
    if (halves.said != whole.said) std::abort();
    if (size > 2'000) return 0;
    listener slow(data[0]);
    for (const char octet : octets)
        slow.feed({&octet, 1});
    if (slow.said != whole.said) std::abort();
    return 0;
}

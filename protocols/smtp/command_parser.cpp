#include "protocols/smtp/command_parser.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/smtp/path.hpp"
#include "protocols/wire/literal_reader.hpp"

#include <algorithm>
#include <array>

namespace hauspost::smtp {
namespace {

command fault(syntax_fault why, std::string_view arguments = {}) {
    malformed wrong;
    wrong.fault = why;
    wrong.arguments = arguments;
    return wrong;
}

std::string_view without_trailing_space(std::string_view text) {
    const auto last = text.find_last_not_of(" \t");
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::string_view without_leading_space(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

/// The name that a client gives itself. Wrong ones are common and harmless, and a refusal would
/// lose mail (RFC 5321 4.1.4 forbids it for what the name says): only the first word counts
/// (RFC 5321 4.1.1.1: old programs say something behind an address literal), octets that are no
/// UTF-8 are replaced, and what is too long is cut.
std::string client_name(std::string_view text) {
    const auto word = utf8::repaired(text.substr(0, text.find_first_of(" \t")));
    return std::string(utf8::truncated(word, max_domain_octets));
}

/// mail = "MAIL FROM:" Reverse-path [SP Mail-parameters]
command parse_mail(std::string_view text) {
    const auto given = text;
    constexpr std::string_view from = "FROM:";
    if (!ascii::starts_with_nocase(text, from)) return fault(syntax_fault::bad_arguments, given);
    text = without_leading_space(text.substr(from.size()));
    auto path = parse_path(text);
    if (!path) return fault(syntax_fault::bad_sender, given);
    cmd::mail parsed;
    parsed.reverse_path = std::move(*path);
    switch (parse_params(text, parsed.params)) {
    case param_fault::bad_syntax: return fault(syntax_fault::bad_arguments, given);
    case param_fault::unknown: return fault(syntax_fault::unknown_parameter, given);
    case param_fault::none: break;
    }
    if (!parsed.params.smtputf8 && !is_ascii(parsed.reverse_path))
        return fault(syntax_fault::utf8_without_smtputf8, given);
    return parsed;
}

/// rcpt = "RCPT TO:" ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path )
///        [SP Rcpt-parameters]
command parse_rcpt(std::string_view text) {
    const auto given = text;
    constexpr std::string_view to = "TO:";
    constexpr std::string_view postmaster = "<postmaster>";
    if (!ascii::starts_with_nocase(text, to)) return fault(syntax_fault::bad_arguments, given);
    text = without_leading_space(text.substr(to.size()));
    cmd::rcpt parsed;
    if (ascii::starts_with_nocase(text, postmaster)) {
        parsed.forward_path.local_part = "postmaster";
        text.remove_prefix(postmaster.size());
    } else {
        auto path = parse_path(text);
        if (!path || path->is_null()) return fault(syntax_fault::bad_recipient, given);
        parsed.forward_path = std::move(*path);
    }
    switch (parse_params(text, parsed.params)) {
    case param_fault::bad_syntax: return fault(syntax_fault::bad_arguments, given);
    case param_fault::unknown: return fault(syntax_fault::unknown_parameter, given);
    case param_fault::none: break;
    }
    return parsed;
}

/// bdat-cmd = "BDAT" SP chunk-size [ SP end-marker ], RFC 3030 2
command parse_bdat(std::string_view text) {
    const auto size = text.substr(0, text.find(' '));
    const auto marker = text.substr(size.size());
    const auto octets = wire::parse_octet_count(size);
    if (!octets) return fault(syntax_fault::bad_chunk_size);
    cmd::bdat parsed;
    parsed.octets = *octets;
    parsed.is_last = !marker.empty();
    if (parsed.is_last && !ascii::equal_nocase(without_leading_space(marker), "LAST"))
        return fault(syntax_fault::bad_chunk_size);
    return parsed;
}

/// RFC 4954 4: AUTH mechanism [initial-response]
command parse_auth(std::string_view text) {
    constexpr std::size_t max_mechanism_octets = 20;  // RFC 4422 3.1
    cmd::auth parsed;
    const auto mechanism = text.substr(0, text.find(' '));
    const auto response = without_leading_space(text.substr(mechanism.size()));
    const auto is_mechanism_char = [](char c) {
        return ascii::is_alnum(c) || c == '-' || c == '_';
    };
    if (mechanism.empty() || mechanism.size() > max_mechanism_octets ||
        !std::all_of(mechanism.begin(), mechanism.end(), is_mechanism_char) ||
        response.find(' ') != std::string_view::npos)
        return fault(syntax_fault::bad_arguments);
    parsed.mechanism = ascii::uppered(mechanism);
    if (!response.empty()) parsed.initial_response = response;
    return parsed;
}

template <class Command>
command parse_greeting(std::string_view text) {
    const bool has_control = std::any_of(text.begin(), text.end(),
                                         [](char c) { return c != '\t' && ascii::is_control(c); });
    if (text.empty() || has_control) return fault(syntax_fault::bad_arguments);
    Command parsed;
    parsed.domain = client_name(text);
    return parsed;
}

/// Commands that take nothing.
template <class Command>
command parse_bare(std::string_view text) {
    if (!text.empty()) return fault(syntax_fault::bad_arguments);
    return Command{};
}

/// VRFY and EXPN take one String; HELP and NOOP one or none. It is not looked at.
template <class Command>
command parse_string(std::string_view text) {
    if (text.empty()) return fault(syntax_fault::bad_arguments);
    return Command{};
}
template <class Command>
command parse_any(std::string_view) {
    return Command{};
}

struct verb {
    std::string_view name;
    command (*parse)(std::string_view arguments);
};

constexpr std::array<verb, 14> verbs{{{"RCPT", parse_rcpt},
                                      {"MAIL", parse_mail},
                                      {"EHLO", parse_greeting<cmd::ehlo>},
                                      {"DATA", parse_bare<cmd::data>},
                                      {"BDAT", parse_bdat},
                                      {"QUIT", parse_bare<cmd::quit>},
                                      {"RSET", parse_bare<cmd::rset>},
                                      {"NOOP", parse_any<cmd::noop>},
                                      {"STARTTLS", parse_bare<cmd::start_tls>},
                                      {"HELO", parse_greeting<cmd::helo>},
                                      {"AUTH", parse_auth},
                                      {"VRFY", parse_string<cmd::vrfy>},
                                      {"EXPN", parse_string<cmd::expn>},
                                      {"HELP", parse_any<cmd::help>}}};

/// RFC 9110 9: what a web browser says that was led here.
bool is_http(std::string_view word) {
    constexpr std::array<std::string_view, 9> methods{
        {"GET", "POST", "PUT", "HEAD", "CONNECT", "OPTIONS", "DELETE", "PATCH", "TRACE"}};
    return std::any_of(methods.begin(), methods.end(), [word](std::string_view method) {
        return ascii::equal_nocase(word, method);
    });
}

}  // namespace

command parse_command(std::string_view line) {
    line = without_trailing_space(line);
    if (line.empty()) return fault(syntax_fault::unknown_command);
    if (!ascii::is_alpha(line.front())) return fault(syntax_fault::not_smtp);
    const auto word = line.substr(0, line.find(' '));
    if (is_http(word)) return fault(syntax_fault::not_smtp);
    const auto arguments = without_leading_space(line.substr(word.size()));
    for (const auto& verb : verbs)
        if (ascii::equal_nocase(word, verb.name)) return verb.parse(arguments);
    return fault(syntax_fault::unknown_command);
}

}  // namespace hauspost::smtp

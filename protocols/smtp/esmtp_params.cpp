#include "protocols/smtp/esmtp_params.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/smtp/release_time.hpp"
#include "protocols/wire/literal_reader.hpp"

#include <algorithm>
#include <limits>

namespace hauspost::smtp {
namespace {

constexpr std::size_t max_envelope_id_octets = 100;  // RFC 3461 4.4
constexpr std::size_t max_original_octets = 500;     // RFC 3461 4.2
constexpr std::size_t max_submitter_octets = 500;    // RFC 4954 3

struct param {
    std::string_view name;
    std::optional<std::string_view> value;
};

bool is_hex(char c) noexcept {
    return ascii::is_digit(c) || (c >= 'A' && c <= 'F');
}

/// xtext of RFC 3461 4: "+" begins two hexadecimal digits. With utf8 also what RFC 6533 3 adds.
bool is_xtext(std::string_view text, bool utf8) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (ascii::is_8bit(c)) {
            if (!utf8) return false;
        } else if (c <= 32 || c == 127 || c == '=') {
            return false;
        } else if (c == '+' && !utf8) {
            if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
            i += 2;
        }
    }
    return true;
}

/// Takes the next parameter off `text`, which begins with its space. nullopt: bad syntax.
std::optional<param> take_param(std::string_view& text) {
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    const auto equals = word.find('=');
    param got;
    got.name = word.substr(0, equals);
    const auto is_keyword_char = [](char c) { return ascii::is_alnum(c) || c == '-'; };
    if (got.name.empty() || got.name.front() == '-' ||
        !std::all_of(got.name.begin(), got.name.end(), is_keyword_char))
        return std::nullopt;
    if (equals == std::string_view::npos) return got;
    got.value = word.substr(equals + 1);
    const auto is_value_char = [](char c) {
        return ascii::is_8bit(c) || (c > 32 && c < 127 && c != '=');
    };
    if (got.value->empty() || !std::all_of(got.value->begin(), got.value->end(), is_value_char))
        return std::nullopt;
    return got;
}

param_fault ok_if(bool good) noexcept {
    return good ? param_fault::none : param_fault::bad_syntax;
}

/// Each parameter once. Bit n of `seen` is the n-th parameter that we know.
bool first_time(unsigned& seen, unsigned n) noexcept {
    const auto bit = 1u << n;
    const bool is_first = (seen & bit) == 0;
    seen |= bit;
    return is_first;
}

param_fault set_size(const param& given, mail_params& params) {
    constexpr std::size_t max_digits = 20;  // RFC 1870 4
    if (!given.value || given.value->size() > max_digits ||
        !std::all_of(given.value->begin(), given.value->end(), ascii::is_digit))
        return param_fault::bad_syntax;
    params.size =
        wire::parse_octet_count(*given.value).value_or(std::numeric_limits<std::uint64_t>::max());
    return param_fault::none;
}

param_fault set_body(const param& given, mail_params& params) {
    if (!given.value) return param_fault::bad_syntax;
    if (ascii::equal_nocase(*given.value, "7BIT")) {
        params.body = body_type::seven_bit;
    } else if (ascii::equal_nocase(*given.value, "8BITMIME")) {
        params.body = body_type::eight_bit;
    } else if (ascii::equal_nocase(*given.value, "BINARYMIME")) {
        params.body = body_type::binary;
    } else {
        return param_fault::bad_syntax;
    }
    return param_fault::none;
}

param_fault set_ret(const param& given, mail_params& params) {
    if (!given.value) return param_fault::bad_syntax;
    params.ret = ascii::uppered(*given.value);
    return ok_if(params.ret == "FULL" || params.ret == "HDRS");
}

param_fault set_envelope_id(const param& given, mail_params& params) {
    if (!given.value || given.value->size() > max_envelope_id_octets ||
        !is_xtext(*given.value, false))
        return param_fault::bad_syntax;
    params.envelope_id = *given.value;
    return param_fault::none;
}

/// future-release-interval, RFC 4865 3: %x31-39 *8DIGIT
param_fault set_hold_for(const param& given, mail_params& params) {
    constexpr std::size_t max_digits = 9;
    if (!given.value || given.value->size() > max_digits || given.value->front() == '0' ||
        !std::all_of(given.value->begin(), given.value->end(), ascii::is_digit))
        return param_fault::bad_syntax;
    std::uint32_t seconds = 0;
    for (const char digit : *given.value)
        seconds = seconds * 10 + static_cast<std::uint32_t>(digit - '0');
    params.hold_for = seconds;
    return ok_if(!params.hold_until);
}

param_fault set_hold_until(const param& given, mail_params& params) {
    if (given.value) params.hold_until = parse_date_time(*given.value);
    return ok_if(params.hold_until && !params.hold_for);
}

param_fault set_submitter(const param& given, mail_params& params) {
    if (!given.value || given.value->size() > max_submitter_octets ||
        !is_xtext(*given.value, false))
        return param_fault::bad_syntax;
    params.submitter = *given.value;
    return param_fault::none;
}

param_fault set_notify(const param& given, rcpt_params& params) {
    if (!given.value) return param_fault::bad_syntax;
    params.notify = ascii::uppered(*given.value);
    if (params.notify == "NEVER") return param_fault::none;
    unsigned seen = 0;
    std::string_view rest = params.notify;
    for (;;) {
        const auto comma = rest.find(',');
        const auto word = rest.substr(0, comma);
        const unsigned n = word == "SUCCESS" ? 0 : word == "FAILURE" ? 1 : word == "DELAY" ? 2 : 3;
        if (n == 3 || !first_time(seen, n)) return param_fault::bad_syntax;
        if (comma == std::string_view::npos) return param_fault::none;
        rest.remove_prefix(comma + 1);
    }
}

param_fault set_original(const param& given, rcpt_params& params) {
    if (!given.value || given.value->size() > max_original_octets) return param_fault::bad_syntax;
    const auto semicolon = given.value->find(';');
    if (semicolon == std::string_view::npos || semicolon == 0) return param_fault::bad_syntax;
    const auto type = given.value->substr(0, semicolon);
    const auto text = given.value->substr(semicolon + 1);
    const bool is_utf8 = ascii::equal_nocase(type, "utf-8");  // RFC 6533 3
    const auto is_type_char = [](char c) { return ascii::is_alnum(c) || c == '-'; };
    if (text.empty() || !std::all_of(type.begin(), type.end(), is_type_char) ||
        !is_xtext(text, is_utf8) || !utf8::is_valid(text))
        return param_fault::bad_syntax;
    params.original = *given.value;
    return param_fault::none;
}

param_fault set(const param& given, mail_params& params, unsigned& seen) {
    const auto is = [&given](std::string_view name) {
        return ascii::equal_nocase(given.name, name);
    };
    if (is("SIZE")) return first_time(seen, 0) ? set_size(given, params) : param_fault::bad_syntax;
    if (is("BODY")) return first_time(seen, 1) ? set_body(given, params) : param_fault::bad_syntax;
    if (is("SMTPUTF8")) {
        params.smtputf8 = true;
        return ok_if(first_time(seen, 2) && !given.value);
    }
    if (is("RET")) return first_time(seen, 3) ? set_ret(given, params) : param_fault::bad_syntax;
    if (is("ENVID"))
        return first_time(seen, 4) ? set_envelope_id(given, params) : param_fault::bad_syntax;
    if (is("REQUIRETLS")) {
        params.require_tls = true;
        return ok_if(first_time(seen, 5) && !given.value);
    }
    if (is("AUTH"))
        return first_time(seen, 6) ? set_submitter(given, params) : param_fault::bad_syntax;
    if (is("HOLDFOR"))
        return first_time(seen, 7) ? set_hold_for(given, params) : param_fault::bad_syntax;
    if (is("HOLDUNTIL"))
        return first_time(seen, 8) ? set_hold_until(given, params) : param_fault::bad_syntax;
    return param_fault::unknown;
}

param_fault set(const param& given, rcpt_params& params, unsigned& seen) {
    if (ascii::equal_nocase(given.name, "NOTIFY"))
        return first_time(seen, 0) ? set_notify(given, params) : param_fault::bad_syntax;
    if (ascii::equal_nocase(given.name, "ORCPT"))
        return first_time(seen, 1) ? set_original(given, params) : param_fault::bad_syntax;
    return param_fault::unknown;
}

/// Bad syntax anywhere wins over an unknown name, so that the answer does not depend on order.
template <class Params>
param_fault parse(std::string_view text, Params& params) {
    auto outcome = param_fault::none;
    unsigned seen = 0;
    text = text.substr(0, text.find_last_not_of(' ') + 1);
    if (!text.empty() && text.front() != ' ') return param_fault::bad_syntax;
    while (!text.empty()) {
        const auto given = take_param(text);
        if (!given) return param_fault::bad_syntax;
        const auto fault = set(*given, params, seen);
        if (fault == param_fault::bad_syntax) return fault;
        if (fault == param_fault::unknown) outcome = fault;
    }
    return outcome;
}

}  // namespace

param_fault parse_params(std::string_view text, mail_params& params) {
    return parse(text, params);
}

param_fault parse_params(std::string_view text, rcpt_params& params) {
    return parse(text, params);
}

bool asks_for_notice(std::string_view notify, std::string_view event) noexcept {
    if (notify.empty()) return event != "SUCCESS";
    for (;;) {
        const auto comma = notify.find(',');
        if (ascii::equal_nocase(notify.substr(0, comma), event)) return true;
        if (comma == std::string_view::npos) return false;
        notify.remove_prefix(comma + 1);
    }
}

}  // namespace hauspost::smtp

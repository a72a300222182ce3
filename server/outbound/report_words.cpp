#include "server/outbound/report_words.hpp"

#include "base/address.hpp"
#include "protocols/message/header.hpp"
#include "server/outbound/reply_meaning.hpp"
#include "server/outbound/report_text.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace hauspost::outbound {
namespace {

constexpr std::string_view crlf = "\r\n";
constexpr std::size_t max_address_octets = 600, max_subject_octets = 160;

struct bilingual {
    std::string_view german, english;
    [[nodiscard]] std::string_view in(language speech) const noexcept {
        return speech == language::german ? german : english;
    }
};

// In the order of recipient_action: what stands before the recipients, and in the subject.
constexpr bilingual headings[] = {
    {"Nicht zugestellt wurde sie an:", "It was not delivered to:"},
    {"Noch nicht zugestellt ist sie an:", "It is not yet delivered to:"},
    {"Zugestellt wurde sie an:", "It was delivered to:"},
    {"Weitergegeben wurde sie für (der nächste Server meldet nicht, was daraus wird):",
     "It was handed on for (the next server does not report what becomes of it):"},
    {"An die Adressen einer Liste oder eines Alias verteilt wurde sie für:",
     "It was passed on to the addresses of a list or alias for:"},
};
constexpr bilingual titles[] = {
    {"Nicht zugestellt", "Not delivered"},
    {"Noch nicht zugestellt", "Not yet delivered"},
    {"Zugestellt", "Delivered"},
    {"Weitergegeben", "Handed on"},
    {"Verteilt", "Passed on"},
};
constexpr recipient_action all_actions[] = {recipient_action::failed, recipient_action::delayed,
                                            recipient_action::delivered, recipient_action::relayed,
                                            recipient_action::expanded};

std::string subject_of(const reported_message& message) {
    return one_line(message::decoded_field(message.header, "Subject"), max_subject_octets);
}

/// "23.11.2026, 14:05 (UTC+1)" or "2026-11-23 14:05 (UTC+01:00)".
std::string time_text(std::int64_t unix_seconds, const report_terms& terms) {
    using namespace std::chrono;
    const int zone = terms.now.zone_minutes;
    const auto local = sys_seconds(seconds(unix_seconds + zone * 60));
    const auto day = floor<days>(local);
    const year_month_day date(day);
    const hh_mm_ss clock(local - day);
    const bool is_german = terms.speech == language::german;
    char text[64];
    const int y = int(date.year());
    const auto m = unsigned(date.month()), d = unsigned(date.day());
    const auto hour = static_cast<int>(clock.hours().count());
    const auto minute = static_cast<int>(clock.minutes().count());
    const int size =
        is_german
            ? std::snprintf(text, sizeof(text), "%02u.%02u.%04d, %02d:%02d", d, m, y, hour, minute)
            : std::snprintf(text, sizeof(text), "%04d-%02u-%02u, %02d:%02d", y, m, d, hour, minute);
    std::string out(text, static_cast<std::size_t>(size));
    const int offset = std::snprintf(text, sizeof(text), " (UTC%c%02d:%02d)", zone < 0 ? '-' : '+',
                                     std::abs(zone) / 60, std::abs(zone) % 60);
    return out.append(text, static_cast<std::size_t>(offset));
}

void append_sentence(std::string& out, std::string_view sentence) {
    out += "    ";
    out += sentence;
    out += crlf;
}

/// Why a recipient did not get it, and what to do about it.
void append_reason(std::string& out, const reported_recipient& to, const report_terms& terms) {
    const bool is_reply = to.code != 0;
    const auto meaning = meaning_of(
        {to.code, is_reply ? to.enhanced : to.status, is_reply ? to.remote_reply : to.own_words});
    append_sentence(out, what_happened(meaning, terms.speech));
    if (to.action == recipient_action::failed) {
        append_sentence(out, what_to_do(meaning, terms.speech));
        return;
    }
    const bilingual nothing{"Sie müssen nichts tun: Es wird weiter versucht",
                            "You need not do anything: further attempts are made"};
    const bilingual until{" bis ", " until "};
    std::string sentence(nothing.in(terms.speech));
    if (to.tried_until) {
        sentence += until.in(terms.speech);
        sentence += time_text(*to.tried_until, terms);
    }
    append_sentence(out, sentence + '.');
}

void append_recipient(std::string& out, const reported_recipient& to, const report_terms& terms) {
    out += crlf;
    out += "  " + one_line(address::shown(to.address), max_address_octets);
    out += crlf;
    if (to.action == recipient_action::failed || to.action == recipient_action::delayed)
        append_reason(out, to, terms);
}

/// Another server's words, with its name above them; nothing without words.
void append_quote(std::string& out, const reported_recipient& to, const report_terms& terms) {
    const auto lines = quoted_lines(to.code != 0 ? to.remote_reply : to.own_words, "  | ");
    if (lines.empty() && to.code == 0) return;
    const bilingual said{" antwortete für ", " replied for "}, seen{"Beobachtet für ", "Seen for "};
    const auto who = one_line(to.remote_host, max_address_octets);
    const auto address = one_line(address::shown(to.address), max_address_octets);
    out += crlf;
    if (to.code != 0)
        out += (who.empty() ? "?" : who) + std::string(said.in(terms.speech)) + address;
    else
        out += std::string(seen.in(terms.speech)) + address + (who.empty() ? "" : " (" + who + ")");
    out += ":\r\n";
    if (to.code != 0) {
        out += "  | " + std::to_string(to.code);
        if (!to.enhanced.empty()) out += ' ' + ascii_line(to.enhanced, 20);
        out += crlf;
    }
    out += lines;
}

bool has_action(const std::vector<reported_recipient>& recipients, recipient_action action) {
    return std::any_of(recipients.begin(), recipients.end(),
                       [action](const auto& to) { return to.action == action; });
}

}  // namespace

std::string report_subject(const reported_message& message,
                           const std::vector<reported_recipient>& recipients,
                           language speech) {
    std::string text;
    for (const auto action : all_actions)
        if (text.empty() && has_action(recipients, action))
            text = titles[static_cast<std::size_t>(action)].in(speech);
    const auto subject = subject_of(message);
    return subject.empty() ? text : text + ": " + subject;
}

std::string human_text(const reported_message& message,
                       const std::vector<reported_recipient>& recipients,
                       const report_terms& terms) {
    const auto in = [&terms](const bilingual& both) { return std::string(both.in(terms.speech)); };
    const auto subject = subject_of(message);
    std::string out = in({"Guten Tag,\r\n\r\nes geht um Ihre Nachricht",
                          "Hello,\r\n\r\nthis is about your message"});
    if (!subject.empty()) out += in({" „", " \""}) + subject + in({"“", "\""});
    if (message.arrived_at != 0)
        out += in({" vom ", " of "}) + time_text(message.arrived_at, terms);
    out += ".\r\n";
    for (const auto action : all_actions) {
        if (!has_action(recipients, action)) continue;
        out += std::string(crlf) + in(headings[static_cast<std::size_t>(action)]) + "\r\n";
        for (const auto& to : recipients)
            if (to.action == action) append_recipient(out, to, terms);
    }
    std::string quotes;
    for (const auto& to : recipients)
        append_quote(quotes, to, terms);
    if (!quotes.empty()) out += in({"\r\nFür Techniker:\r\n", "\r\nFor technicians:\r\n"}) + quotes;
    return out +
           in({"\r\nDiese Meldung hat der Mailserver ",
               "\r\nThis message was written by the mail server "}) +
           one_line(terms.hostname, max_address_octets) +
           in({" selbst geschrieben.\r\n", " itself.\r\n"});
}

}  // namespace hauspost::outbound

#include "protocols/tls_report/report.hpp"

#include "base/base64.hpp"
#include "base/utf8.hpp"
#include "protocols/message/date_time.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <zlib.h>

#include <ctime>
#include <new>
#include <string_view>

namespace hauspost::tls_report {
namespace {

namespace json = boost::json;

constexpr std::int64_t day_seconds = 86'400;
constexpr std::size_t base64_line_octets = 76;  // RFC 2045 6.8

/// "2026-11-29T00:00:00Z". RFC 3339 5.6
std::string date_text(std::int64_t unix_seconds) {
    const auto at = static_cast<std::time_t>(unix_seconds);
    std::tm parts{};
    gmtime_r(&at, &parts);
    char text[32];
    const auto octets = std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text, octets};
}

/// JSON is UTF-8, and what a stranger's certificate or DNS says need not be.
json::string text_of(const std::string& words) {
    std::string plain = words;
    if (!utf8::is_valid(plain))
        for (auto& c : plain)
            if (static_cast<unsigned char>(c) > 126) c = '?';
    return json::string(plain);
}

json::array texts_of(const std::vector<std::string>& all) {
    json::array made;
    for (const auto& one : all)
        made.push_back(text_of(one));
    return made;
}

json::object failure_of(const failure_details& from) {
    json::object made;
    made["result-type"] = text_of(from.result_type);
    if (!from.mx.empty()) made["receiving-mx-hostname"] = text_of(from.mx);
    if (!from.address.empty()) made["receiving-ip"] = text_of(from.address);
    made["failed-session-count"] = from.sessions;
    return made;
}

json::object policy_of(const policy_details& from, const std::string& domain) {
    json::object policy;
    policy["policy-type"] = text_of(from.type);
    if (!from.lines.empty()) policy["policy-string"] = texts_of(from.lines);
    policy["policy-domain"] = text_of(domain);
    if (!from.mx_hosts.empty()) policy["mx-host"] = texts_of(from.mx_hosts);
    std::uint64_t failed = 0;
    json::array failures;
    for (const auto& one : from.failures) {
        failed += one.sessions;
        failures.push_back(failure_of(one));
    }
    json::object summary;
    summary["total-successful-session-count"] = from.successes;
    summary["total-failure-session-count"] = failed;
    json::object made;
    made["policy"] = std::move(policy);
    made["summary"] = std::move(summary);
    if (!failures.empty()) made["failure-details"] = std::move(failures);
    return made;
}

std::string in_lines(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += base64_line_octets)
        out += text.substr(at, base64_line_octets) + "\r\n";
    return out;
}

/// RFC 8460 5.1: "!" between who sends, who gets, and the days.
std::string file_name(const report& from, const std::string& hostname) {
    const auto begin = from.day * day_seconds;
    return hostname + '!' + from.domain + '!' + std::to_string(begin) + '!' +
           std::to_string(begin + day_seconds - 1) + ".json.gz";
}

}  // namespace

std::string to_json(const report& from) {
    const auto begin = from.day * day_seconds;
    json::object range;
    range["start-datetime"] = date_text(begin);
    range["end-datetime"] = date_text(begin + day_seconds - 1);
    json::object made;
    made["organization-name"] = text_of(from.organization);
    made["date-range"] = std::move(range);
    made["contact-info"] = text_of(from.contact);
    made["report-id"] = text_of(from.id);
    json::array policies;
    for (const auto& one : from.policies)
        policies.push_back(policy_of(one, from.domain));
    made["policies"] = std::move(policies);
    return json::serialize(made);
}

std::string gzipped(const std::string& octets) {
    constexpr int gzip_window = 15 + 16;  // zlib.h: 16 for a gzip header
    constexpr int memory = 8;
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, memory,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc();
    std::string out(deflateBound(&stream, static_cast<uLong>(octets.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(octets.data()));
    stream.avail_in = static_cast<uInt>(octets.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int end = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (end != Z_STREAM_END) throw std::bad_alloc();
    return out;
}

std::string to_message(const report& from, const message_terms& terms) {
    const auto boundary = "=_" + terms.unique;  // stands in neither part
    const auto name = file_name(from, terms.hostname);
    mail::date_time now;
    now.unix_seconds = terms.now;
    std::string out;
    const auto field = [&out](std::string_view key, const std::string& value) {
        out.append(key).append(": ").append(value).append("\r\n");
    };
    field("From", "<" + terms.from + '>');
    field("To", "<" + terms.to + '>');
    field("Subject", "Report Domain: " + from.domain + "\r\n Submitter: " + terms.hostname +
                         "\r\n Report-ID: <" + from.id + '>');
    field("Date", message::write_date(now));
    field("Message-ID", "<" + terms.unique + '@' + terms.hostname + '>');
    field("TLS-Report-Domain", from.domain);
    field("TLS-Report-Submitter", terms.hostname);
    field("TLS-Required", "No");  // RFC 8460 5.3, 8689 5
    field("Auto-Submitted", "auto-generated");
    field("MIME-Version", "1.0");
    field("Content-Type",
          "multipart/report; report-type=\"tlsrpt\";\r\n boundary=\"" + boundary + '"');
    out += "\r\n--" + boundary +
           "\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
           "This is an aggregate TLS report from " +
           terms.hostname + "\r\nabout mail that it sent to " + from.domain + ".\r\n\r\n--" +
           boundary + "\r\n";
    field("Content-Type", "application/tlsrpt+gzip");
    field("Content-Transfer-Encoding", "base64");
    field("Content-Disposition", "attachment;\r\n filename=\"" + name + '"');
    out += "\r\n" + in_lines(base64::encode(gzipped(to_json(from))));
    out += "\r\n--" + boundary + "--\r\n";
    return out;
}

}  // namespace hauspost::tls_report

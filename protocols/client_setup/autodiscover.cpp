#include "protocols/client_setup/autodiscover.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/client_setup/xml_writer.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <utility>
#include <vector>

namespace hauspost::client_setup {
namespace {

constexpr std::string_view response_schema =
    "xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006\"";
constexpr std::string_view outlook_schema =
    "xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a\"";
constexpr std::string_view first_form = "AutodiscoverV1";
constexpr std::size_t max_shown_octets = 80;

void add_protocol(xml_writer& out,
                  std::string_view type,
                  const served& of,
                  const std::vector<offer>& offers) {
    if (offers.empty()) return;
    const auto& by = offers.front();
    out.open("Protocol");
    out.leaf("Type", type);
    out.leaf("Server", of.hostname);
    out.leaf("Port", by.port);
    out.leaf("DomainRequired", "off");
    out.leaf("LoginName", of.address);
    out.leaf("SPA", "off");
    out.leaf("SSL", "on");
    if (!by.is_tls) out.leaf("Encryption", "TLS");
    out.leaf("AuthRequired", "on");
    if (type == "SMTP") {
        out.leaf("UsePOPAuth", "off");
        out.leaf("SMTPLast", "off");
    }
    out.close();
}

const char* words_of(autodiscover_error why) {
    switch (why) {
    case autodiscover_error::unknown_address: return "The email address can't be found.";
    case autodiscover_error::no_such_schema: return "Provider is not available";
    case autodiscover_error::invalid_request: break;
    }
    return "Invalid Request";
}

/// "16:56:32"
std::string time_of_day(std::chrono::sys_seconds now) {
    const std::chrono::hh_mm_ss split(now - std::chrono::floor<std::chrono::days>(now));
    const auto two = [](long long number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    };
    return two(split.hours().count()) + ':' + two(split.minutes().count()) + ':' +
           two(split.seconds().count());
}

json_answer refuse(std::string_view code, const std::string& words) {
    boost::json::object told;
    told["ErrorCode"] = boost::json::string_view(code.data(), code.size());
    told["ErrorMessage"] = words;
    return {400, boost::json::serialize(told)};
}

json_answer lacks(std::string_view parameter) {
    return refuse(
        "MandatoryParameterMissing",
        "A valid value must be provided for the query parameter '" + std::string(parameter) + "'");
}

}  // namespace

std::string write_autodiscover(const served& of) {
    xml_writer out;
    out.open("Autodiscover", response_schema);
    out.open("Response", outlook_schema);
    out.open("User");
    out.leaf("DisplayName", of.display_name.empty() ? address::shown(of.address) : of.display_name);
    out.close();
    out.open("Account");
    out.leaf("AccountType", "email");
    out.leaf("Action", "settings");
    add_protocol(out, "IMAP", of, imap_offers(of));
    add_protocol(out, "POP3", of, pop3_offers(of));
    add_protocol(out, "SMTP", of, submission_offers(of));
    out.close();
    out.close();
    out.close();
    return out.take();
}

std::string write_autodiscover_error(autodiscover_error why, std::chrono::sys_seconds now) {
    xml_writer out;
    out.open("Autodiscover", response_schema);
    out.open("Response");
    out.open("Error", "Time=\"" + time_of_day(now) + "\" Id=\"1\"");
    out.leaf("ErrorCode", static_cast<unsigned long>(why));
    out.leaf("Message", words_of(why));
    out.empty("DebugData");
    out.close();
    out.close();
    out.close();
    return out.take();
}

json_answer write_autodiscover_json(const std::optional<std::string>& address,
                                    const std::optional<std::string>& protocol,
                                    std::string_view url) {
    if (!address || address->empty()) return lacks("Email");
    if (!protocol || protocol->empty()) return lacks("Protocol");
    if (!ascii::equal_nocase(*protocol, first_form)) {
        const auto shown = utf8::repaired(utf8::truncated(*protocol, max_shown_octets));
        return refuse("InvalidProtocol", "The given protocol value '" + shown +
                                             "' is invalid. Supported values are 'AutodiscoverV1'");
    }
    boost::json::object told;
    told["Protocol"] = boost::json::string_view(first_form.data(), first_form.size());
    told["Url"] = boost::json::string_view(url.data(), url.size());
    return {200, boost::json::serialize(told)};
}

}  // namespace hauspost::client_setup
